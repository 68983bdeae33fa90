/** The mark: a bridge. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2" strokeLinecap="round">
        <path d="M4.5 15.5h15" />
        <path d="M6 15.5c0-4 2.7-7 6-7s6 3 6 7" />
        <path d="M10 15.5V9.2M14 15.5V9.2" />
      </g>
    </svg>
  )
}
