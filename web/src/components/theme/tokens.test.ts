import { expect, test } from 'vitest'
import { palettes } from './tokens'

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const part = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}
const contrast = (one: string, other: string) => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const GROUNDS = ['surface', 'page', 'subtle', 'hover', 'accent-tint', 'track', 'on-pace-tint'] as const
const ON_TINT = ['ahead', 'on-pace', 'behind', 'pending', 'held', 'danger'] as const

test.each(['light', 'dark'] as const)('%s: text can be read wherever it stands, under the pointer, too', (mode) => {
  const colours = palettes[mode]
  for (const text of ['text-1', 'text-2', 'text-3'] as const) {
    for (const ground of GROUNDS) expect(contrast(colours[text], colours[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
  for (const state of ON_TINT) expect(contrast(colours[state], colours[`${state}-tint`]), `${state} on its tint`).toBeGreaterThanOrEqual(4.5)
  expect(contrast(colours['on-accent'], colours.accent)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(colours['on-accent'], colours['accent-pressed'])).toBeGreaterThanOrEqual(4.5)
})
