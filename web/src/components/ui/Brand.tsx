/** The mark: a bridge. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2" strokeLinecap="round">
        <path d="M4 13h16" />
        <path d="M5.5 17c0-5 2.8-8.5 6.5-8.5s6.5 3.5 6.5 8.5" />
      </g>
    </svg>
  )
}
