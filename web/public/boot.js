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
  globalThis.qiaoEarly = { [path]: answer }
  // The line on which changes are told is up before the page asks for its data: nothing is missed, nothing asked for twice.
  answer.then(({ ok }) => {
    if (!ok) return
    const line = { source: new EventSource('/api/v1/events'), openedAt: null, told: [] }
    line.source.onopen = () => { line.openedAt = Date.now() }
    line.listen = (message) => line.told.push(message)
    line.source.addEventListener('changed', line.listen)
    globalThis.qiaoLine = line
  }, () => undefined)
})()
