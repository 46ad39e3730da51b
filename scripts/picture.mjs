// Makes the pictures of docs/ from golden texts, as GitHub shows them: `node scripts/picture.mjs [BROWSER]`.
// It needs a Chromium, such as Debian's package `chromium`; the pictures are committed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { marked } from 'marked'

const comparison = 'packages/solution-comparison/src/report/golden'
const pictures = [
  {
    name: 'summaries',
    golden: 'action-import/src/report/golden',
    shown: ['updated', 'refused-upgrade', 'check-production', 'failed-component', 'skipped-with-settings'],
    height: 1500,
  },
  {
    name: 'comment',
    golden: comparison,
    shown: ['release'],
    header: '<b>github-actions</b> <i>bot</i> commented',
    height: 1320,
  },
  {
    name: 'review-summaries',
    golden: comparison,
    shown: ['deleted-table', 'changed-flow', 'renamed-column', 'noise'],
    height: 1170,
  },
]
const browser = process.argv[2] ?? 'chromium'
const width = 1100

const style = `
  body { font: 14px/1.5 "Liberation Sans", Arial, sans-serif; color: #1f2328; background: #fff; margin: 0; padding: 16px }
  article { border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px 8px; margin-bottom: 16px }
  header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; margin: -4px -16px 8px; padding: 8px 16px }
  header i { border: 1px solid #d1d9e0; border-radius: 1em; font-style: normal; font-size: 12px; padding: 0 6px }
  h3 { font-size: 18px; margin: 12px 0 8px } h4 { font-size: 15px; margin: 14px 0 6px }
  p, ul { margin: 0 0 10px } ul { padding-left: 28px } a { color: #0969da }
  table { border-collapse: collapse; margin-bottom: 10px } th, td { border: 1px solid #d1d9e0; padding: 4px 10px; text-align: left }
  th { background: #f6f8fa } code { font: 12px "Liberation Mono", monospace; background: #eff1f3; border-radius: 4px; padding: 2px 4px }
  pre { background: #f6f8fa; border-radius: 6px; padding: 10px } pre code { background: none; padding: 0 } summary { margin: 6px 0 }
`

for (const { name, golden, shown, header, height } of pictures) {
  const articles = shown.map((file) => {
    const markdown = readFileSync(new URL(`../${golden}/${file}.md`, import.meta.url), 'utf8')
    const head = header === undefined ? '' : `<header>${header}</header>`
    return `<article>${head}${marked.parse(markdown, { async: false })}</article>`
  })
  const page = `<!doctype html><meta charset="utf-8"><style>${style}</style>${articles.join('')}`
  const picture = photographed(page, height)
  writeFileSync(new URL(`../docs/${name}.png`, import.meta.url), picture)
}

/** @param {string} page HTML @param {number} height pixels, as high as it is with everything folded */
function photographed(page, height) {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'))
  try {
    const file = join(folder, 'page.html')
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
        `--screenshot=${join(folder, 'page.png')}`,
        `file://${file}`,
      ],
      { stdio: 'ignore', timeout: 120_000 },
    )
    return readFileSync(join(folder, 'page.png'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
