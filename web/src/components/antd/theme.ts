import type { ThemeConfig } from 'antd'
import theme from 'antd/es/theme'
import { fontFamily, palettes, type Mode } from '@/components/theme/tokens'

/** Ant Design's theme from the same palette. */
export function antdTheme(mode: Mode, touch: boolean): ThemeConfig {
  const c = palettes[mode]
  const control = touch ? 44 : 30
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: 'qiao' },
    hashed: false,
    token: {
      fontFamily, fontSize: 13, lineHeight: 20 / 13, borderRadius: 6, borderRadiusSM: 4, borderRadiusLG: 10,
      controlHeight: control, controlHeightSM: touch ? 44 : 26, controlHeightLG: touch ? 44 : 36, sizeUnit: 4, sizeStep: 4,
      colorPrimary: c.accent, colorPrimaryHover: c['accent-pressed'], colorPrimaryActive: c['accent-pressed'], colorLink: c.accent,
      colorLinkHover: c['accent-pressed'], colorTextLightSolid: c['on-accent'],
      colorError: c.danger, colorSuccess: c.ahead, colorWarning: c.pending, colorInfo: c.accent,
      colorBgBase: c.surface, colorBgContainer: c.surface, colorBgElevated: mode === 'dark' ? c.subtle : c.surface, colorBgLayout: c.page,
      colorText: c['text-1'], colorTextSecondary: c['text-2'], colorTextTertiary: c['text-3'], colorTextQuaternary: c['text-3'],
      colorTextPlaceholder: c['text-3'], colorTextDescription: c['text-2'],
      colorBorder: c['line-strong'], colorBorderDisabled: c.line, colorBorderSecondary: c.line, colorSplit: c.line,
      colorFillTertiary: c.hover, colorFillSecondary: c['on-pace-tint'],
      controlItemBgHover: c.hover, controlItemBgActive: c['accent-tint'], controlOutline: c['accent-line'], controlOutlineWidth: 2,
      boxShadowSecondary: c['shadow-drawer'], motionDurationMid: '0.12s', motionDurationSlow: '0.16s', wireframe: false,
    },
    components: {
      Select: { activeBorderColor: c.accent, hoverBorderColor: c['line-strong'], activeOutlineColor: c['accent-line'], optionSelectedBg: c['accent-tint'], optionActiveBg: c.hover, optionSelectedFontWeight: 500 },
      Input: { activeBorderColor: c.accent, hoverBorderColor: c['line-strong'], activeShadow: `0 0 0 2px ${c['accent-line']}` },
    },
  }
}
