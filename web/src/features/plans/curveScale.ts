/*
 * Where things stand in the picture of a curve. Positions only: the figures on screen stay the server's decimal strings.
 */

/** Round steps that reach over the top: at most five lines. */
export function ticksTo(top: number): number[] {
  if (!(top > 0)) return [0]
  const raw = top / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power
  const count = Math.ceil((top / step) * 0.999)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** Labels that would stand on each other move apart; the order stays. */
export function spread(wanted: number[], gap: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  const placed = [...wanted]
  let last = Number.NEGATIVE_INFINITY
  for (const index of order) {
    placed[index] = Math.max(wanted[index] ?? 0, last + gap)
    last = placed[index] ?? 0
  }
  // What was pushed below the bottom goes up again.
  let next = bottom + gap
  for (const index of [...order].reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, next - gap)
    next = placed[index] ?? 0
  }
  return placed
}

/** The point nearest to a place along the horizontal; of two at one edge the later one. */
export function nearest<P extends { x: string }>(points: P[], x: number): P | undefined {
  let best: P | undefined
  for (const point of points) {
    if (!best || Math.abs(Number(point.x) - x) <= Math.abs(Number(best.x) - x)) best = point
  }
  return best
}
