import { useLayoutEffect, useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanCurve } from '@/api/types'
import { formatPercent, formatRate, useFormat } from '@/components/format/format'
import styles from './PayCurve.module.css'
import { nearest, spread, ticksTo } from './curveScale'

const HEIGHT = 264
const PAD = { top: 30, bottom: 26, left: 56 }
const LABEL_WIDTH = 108
const DASHES = [undefined, '5 3', '2 3', '8 3 2 3', '1 2']

type Point = PlanCurve['lines'][number]['points'][number]

/** The width the picture has, so that its letters keep their size. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(480)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(Math.max(260, Math.round(entry.contentRect.width))) })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [box, width] as const
}

/** The figures of a curve as one reads them. */
export function useCurveText(curve: PlanCurve, currency: string) {
  const format = useFormat()
  const round = (value: string) => format.round(value, currency)
  return {
    x: (value: string) => (curve.x_unit === 'percent' ? formatPercent(value, 0) : round(value)),
    xShort: (value: string) => (curve.x_unit === 'percent' ? formatPercent(value, 0) : format.short(value)),
    y: (value: string) => (curve.y_unit === 'percent' ? formatRate(value) : round(value)),
    yShort: (value: string) => (curve.y_unit === 'percent' ? formatRate(value) : format.short(value)),
  }
}

/** Pay against amount or attainment: bands, edges, the lines with their names at the end, and where one stands. */
export function CurveChart({ curve, currency }: { curve: PlanCurve; currency: string }) {
  const { t } = useTranslation()
  const [box, width] = useWidth()
  const [hover, setHover] = useState<Point | null>(null)
  const text = useCurveText(curve, currency)
  const points = curve.lines.flatMap((line) => line.points)
  const end = Math.max(...points.map(({ x }) => Number(x)))
  const top = Math.max(...points.map(({ y }) => Number(y)), Number(curve.here?.y ?? 0))
  const ticks = ticksTo(top)
  const right = curve.lines.length > 1 ? LABEL_WIDTH : 14
  const inner = { width: width - PAD.left - right, height: HEIGHT - PAD.top - PAD.bottom }
  const px = (x: string | number) => PAD.left + (Number(x) / end) * inner.width
  const py = (y: string | number) => PAD.top + inner.height - (Number(y) / (ticks.at(-1) || 1)) * inner.height
  const path = (line: Point[]) => line.map(({ x, y }, index) => `${index ? 'L' : 'M'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join('')
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left
    setHover(nearest(curve.lines[0]?.points ?? [], ((event.clientX - left - PAD.left) / inner.width) * end) ?? null)
  }
  const names = spread(curve.lines.map((line) => py(line.points.at(-1)?.y ?? 0)), 15, PAD.top + inner.height)
  const edges = curve.edges.filter(({ at }) => Number(at) < end)
  const last = points.at(-1)
  return (
    <div ref={box} className={styles.chart}>
      <svg width={width} height={HEIGHT} role="img" aria-label={t('plans.curve.summary', { name: curve.name, end: text.x(String(end)), top: text.y(String(Math.max(...points.map(({ y }) => Number(y))))) })} onPointerMove={move} onPointerLeave={() => setHover(null)}>
        {edges.map((edge, index) => {
          const from = px(edge.at)
          const to = px(edges[index + 1]?.at ?? end)
          return (
            <g key={edge.at}>
              {index % 2 === 1 && <rect x={from} y={PAD.top} width={to - from} height={inner.height} className={styles.band} />}
              {index > 0 && <line x1={from} x2={from} y1={PAD.top - 4} y2={PAD.top + inner.height} className={styles.edge} />}
              {to - from > 34 && <text x={(from + to) / 2} y={PAD.top - 10} textAnchor="middle" className={styles.rate}>{formatRate(edge.rate)}</text>}
            </g>
          )
        })}
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={PAD.left} x2={PAD.left + inner.width} y1={py(tick)} y2={py(tick)} className={tick === 0 ? styles.base : styles.grid} />
            <text x={PAD.left - 8} y={py(tick) + 4} textAnchor="end" className={styles.axis}>{text.yShort(String(tick))}</text>
          </g>
        ))}
        {[...edges.map(({ at }) => at), ...(edges.length > 0 && last ? [last.x] : ['0', String(end)])].filter((at, index, all) => all.indexOf(at) === index).map((at) => (
          <text key={at} x={px(at)} y={HEIGHT - 8} textAnchor={Number(at) === end ? 'end' : 'middle'} className={styles.axis}>{text.xShort(at)}</text>
        ))}
        {curve.lines.map((line, index) => (
          <g key={line.name || index}>
            <path d={path(line.points)} className={styles.line} strokeDasharray={DASHES[index % DASHES.length]} />
            {curve.lines.length > 1 && <text x={PAD.left + inner.width + 8} y={(names[index] ?? 0) + 4} className={styles.name}>{line.name}</text>}
          </g>
        ))}
        {edges.slice(1).map((edge) => {
          const at = curve.lines[0]?.points.findLast(({ x }) => Number(x) === Number(edge.at))
          return at && <g key={edge.at}><circle cx={px(at.x)} cy={py(at.y)} r={4} className={styles.dot} /><text x={px(at.x) - 8} y={py(at.y) - 8} textAnchor="end" className={styles.value}>{text.y(at.y)}</text></g>
        })}
        {curve.here && Number(curve.here.x) > 0 && (
          <g>
            <line x1={px(curve.here.x)} x2={px(curve.here.x)} y1={py(curve.here.y)} y2={PAD.top + inner.height} className={styles.drop} />
            <circle cx={px(curve.here.x)} cy={py(curve.here.y)} r={5} className={styles.here} />
          </g>
        )}
        {hover && <g><line x1={px(hover.x)} x2={px(hover.x)} y1={PAD.top} y2={PAD.top + inner.height} className={styles.hover} />{curve.lines.length === 1 && <circle cx={px(hover.x)} cy={py(hover.y)} r={3.5} className={styles.hoverDot} />}</g>}
      </svg>
      <p className={styles.readout}>
        {hover && curve.lines.length === 1
          ? t('plans.curve.point', { x: text.x(hover.x), y: text.y(hover.y) })
          : curve.here && <><i aria-hidden="true" />{t('plans.curve.here')} {t('plans.curve.point', { x: curve.x_unit === 'percent' ? formatPercent(curve.here.x) : text.x(curve.here.x), y: text.y(curve.here.y) })}</>}
      </p>
    </div>
  )
}
