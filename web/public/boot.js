// Runs while the program is still coming: asks who is signed in, which the program takes from here (src/api/early.ts), and for
// the files of the page that is opened (scripts/early.ts writes which these are).
(() => {
  const { pathname } = location
  const page = pathname.split('/')[1] || 'desk'
  const kept = localStorage.getItem('qiao.locale')
  const locale = kept === 'zh-CN' || kept === 'en' ? kept : navigator.languages[0]?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
  const pages = JSON.parse(document.currentScript.dataset.pages ?? '{}')
  for (const file of [page, locale, `${page} ${locale}`].flatMap((key) => pages[key] ?? [])) {
    const link = document.createElement('link')
    const style = file.endsWith('.css')
    link.rel = style ? 'preload' : 'modulepreload'
    if (style) link.as = 'style'
    link.crossOrigin = ''
    link.href = `/assets/${file}`
    document.head.append(link)
  }
  if (page === 'sign-in' || page === 'api') return
  const path = '/api/v1/me'
  const answer = fetch(path, { credentials: 'same-origin', headers: { Accept: 'application/json' } })
  // Whoever takes it hears of a failure.
  answer.catch(() => undefined)
  globalThis.qiaoEarly = { [path]: answer }
})()
