/** The colours of the interface, once. CSS reads them as `--name`, Ant Design as its tokens. */
const light = {
  page: '#F1F4F5', surface: '#FFFFFF', subtle: '#F7F9FA', hover: '#F1F5F6',
  line: '#E4E9EC', 'line-strong': '#CDD6DA',
  'text-1': '#13212A', 'text-2': '#465863', 'text-3': '#5E6F7A',
  accent: '#125B73', 'accent-pressed': '#0D4A5F', 'accent-tint': '#E6F1F4', 'accent-line': '#B4D3DC', 'on-accent': '#FFFFFF',
  ahead: '#1B7A4B', 'ahead-tint': '#E5F3EB',
  'on-pace': '#465863', 'on-pace-tint': '#EDF1F3',
  behind: '#B8430F', 'behind-tint': '#FCEDE4',
  pending: '#8A6100', 'pending-tint': '#FBF3DC', 'pending-bar': '#E2B84A', 'pending-hatch': '#F7E6B8',
  held: '#5D5379', 'held-tint': '#EFECF5', 'held-bar': '#9A90B5',
  track: '#EBF0F2', danger: '#B3261E', 'danger-tint': '#FBECEB',
  'shadow-raised': '0 1px 2px rgba(16,32,42,.05)', 'shadow-drawer': '0 8px 28px -6px rgba(16,32,42,.16)',
}

const dark: Record<keyof typeof light, string> = {
  page: '#0B1216', surface: '#111A1F', subtle: '#151F25', hover: '#19252B',
  line: '#223038', 'line-strong': '#34464F',
  'text-1': '#E8EFF2', 'text-2': '#AEBDC5', 'text-3': '#8497A1',
  accent: '#63BBD3', 'accent-pressed': '#83CBDF', 'accent-tint': '#12303A', 'accent-line': '#245463', 'on-accent': '#08222B',
  ahead: '#55C58D', 'ahead-tint': '#11301F',
  'on-pace': '#AEBDC5', 'on-pace-tint': '#1D2930',
  behind: '#F39463', 'behind-tint': '#37200F',
  pending: '#E3BC5B', 'pending-tint': '#322810', 'pending-bar': '#C99E35', 'pending-hatch': '#6E571F',
  held: '#B7ABD8', 'held-tint': '#272138', 'held-bar': '#7F739F',
  track: '#1D282E', danger: '#F2857D', 'danger-tint': '#3A1B19',
  'shadow-raised': 'none', 'shadow-drawer': '0 12px 32px rgba(0,0,0,.5)',
}

export type Mode = 'light' | 'dark'
export const palettes = { light, dark }

export const fontFamily = "'Inter Variable', 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif"

/** Writes the palette of a mode to the document as CSS variables. */
export function applyPalette(mode: Mode) {
  const root = document.documentElement
  for (const [name, value] of Object.entries(palettes[mode])) root.style.setProperty(`--${name}`, value)
  root.style.setProperty('--font', fontFamily)
  root.style.colorScheme = mode
  root.dataset.theme = mode
}
