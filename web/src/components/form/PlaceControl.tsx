import { useState } from 'react'
import { LocateFixed, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import { textOf, type Value, type Values } from './fields'
import { TextControl } from './controls'
import type { ControlProps } from './context'
import styles from './Form.module.css'

/** How long the device may look for its place, ms. */
const LOOK_MS = 10_000
/** A place that is younger is good enough, ms. */
const YOUNG_MS = 60_000
const DENIED = 1

/** Where it was, in words; and, on a tap and never without it, where the device is, with how far that may be off. */
export function PlaceControl({ values, set, ...props }: ControlProps & { values: Values; set: (key: string, value: Value) => void }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'idle' | 'asking' | 'denied' | 'nowhere'>('idle')
  const latitude = textOf(values, 'latitude')
  const put = (north: string, east: string, off: string) => { set('latitude', north); set('longitude', east); set('accuracy_m', off) }
  const locate = () => {
    setState('asking')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setState('idle'); put(coords.latitude.toFixed(6), coords.longitude.toFixed(6), String(Math.ceil(coords.accuracy))) },
      (error) => setState(error.code === DENIED ? 'denied' : 'nowhere'),
      { timeout: LOOK_MS, maximumAge: YOUNG_MS, enableHighAccuracy: true },
    )
  }
  return (
    <>
      <div className={styles.beside}>
        <TextControl {...props} />
        {'geolocation' in navigator && latitude === '' && <Button icon={<LocateFixed size={16} aria-hidden />} loading={state === 'asking'} disabled={props.disabled} onClick={locate} title={t('attachments.locate_help')}>{t('attachments.locate')}</Button>}
      </div>
      {latitude !== '' && (
        <p className={styles.located} data-testid="located">
          <LocateFixed size={14} aria-hidden /><span>{t('attachments.located', { latitude, longitude: textOf(values, 'longitude'), accuracy: textOf(values, 'accuracy_m') || '?' })}</span>
          <button type="button" disabled={props.disabled} onClick={() => put('', '', '')} aria-label={t('attachments.unlocate')} title={t('attachments.unlocate')}><X size={14} aria-hidden /></button>
        </p>
      )}
      {(state === 'denied' || state === 'nowhere') && <p role="alert" className={styles.help}>{t(`attachments.${state}`)}</p>}
    </>
  )
}
