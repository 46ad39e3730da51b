// Makes docs/summaries.png of the golden summaries of action-import, as GitHub shows them:
// `node scripts/picture.mjs [BROWSER]`. It needs a Chromium, such as Debian's package `chromium`; the picture is committed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { marked } from 'marked'

const shown = ['updated', 'refused-upgrade', 'check-production', 'failed-component', 'skipped-with-settings']
const golden = new URL('../action-import/src/report/golden/', import.meta.url)
const picture = new URL('../docs/summaries.png', import.meta.url)
const browser = process.argv[2] ?? 'chromium'
const width = 1100
// As high as the five are with everything folded.
const height = 1500

const style = `
  body { font: 14px/1.5 "Liberation Sans", Arial, sans-serif; color: #1f2328; background: #fff; margin: 0; padding: 16px }
  article { border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px 8px; margin-bottom: 16px }
  h3 { font-size: 18px; margin: 12px 0 8px } h4 { font-size: 15px; margin: 14px 0 6px }
  p, ul { margin: 0 0 10px } ul { padding-left: 28px } a { color: #0969da }
  table { border-collapse: collapse; margin-bottom: 10px } th, td { border: 1px solid #d1d9e0; padding: 4px 10px; text-align: left }
  th { background: #f6f8fa } code { font: 12px "Liberation Mono", monospace; background: #eff1f3; border-radius: 4px; padding: 2px 4px }
`
const articles = shown.map((name) => {
  const markdown = readFileSync(new URL(`${name}.md`, golden), 'utf8')
  return `<article>${marked.parse(markdown, { async: false })}</article>`
})
const page = `<!doctype html><meta charset="utf-8"><style>${style}</style>${articles.join('')}`

const folder = mkdtempSync(join(tmpdir(), 'picture-'))
try {
  const file = join(folder, 'summaries.html')
  writeFileSync(file, page)
  execFileSync(
    browser,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--window-size=${width},${height}`,
      `--screenshot=${join(folder, 'summaries.png')}`,
      `file://${file}`,
    ],
    { stdio: 'ignore', timeout: 120_000 },
  )
  writeFileSync(picture, readFileSync(join(folder, 'summaries.png')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
