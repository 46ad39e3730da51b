import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { layOut } from '../../scripts/release/layout.mjs'
import { root } from '../support/actions.ts'

const ours = 'https://github.com/our-org/dataverse-solution-actions/'

/** Markdown files below a folder, as paths with slashes. */
function pages(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', '.cache', '.git', 'dist', 'coverage'].includes(name))
    .flatMap((item) => {
      if (item.isDirectory()) return pages(join(folder, item.name)).map((page) => `${item.name}/${page}`)
      return item.name.endsWith('.md') ? [item.name] : []
    })
}

/** What GitHub calls the headings of a page. */
function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)) {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    for (let n = 0; ; n += 1) {
      const anchor = n === 0 ? name : `${name}-${n}`
      if (found.has(anchor)) continue
      found.add(anchor)
      break
    }
  }
  return found
}

/** Where the links of a page lead: a file in a folder, and the heading that is meant. */
function* linksIn(page: string, text: string): Generator<readonly [inRepository: boolean, string, string]> {
  for (const [, target = ''] of text.replaceAll(/^```.*?^```/gms, '').matchAll(/\]\(([^)\s]+)\)/g)) {
    const [path = '', heading = ''] = target.split('#')
    const [, own] = new RegExp(`^${ours}blob/[^/]+/(.*)$`).exec(path) ?? []
    if (own !== undefined) yield [true, own, heading]
    else if (!/^\w+:/.test(target)) {
      yield [false, path === '' ? page : posix.join(posix.dirname(page), path), heading]
    }
  }
}

function broken(folder: string): readonly string[] {
  return pages(folder).flatMap((page) =>
    [...linksIn(page, readFileSync(join(folder, page), 'utf8'))]
      .filter(([inRepository, path, heading]) => {
        const file = join(inRepository ? root : folder, path)
        if (path.startsWith('..') || !existsSync(file)) return true
        return heading !== '' && statSync(file).isFile() && path.endsWith('.md')
          ? !anchors(readFileSync(file, 'utf8')).has(heading)
          : false
      })
      .map(([, path, heading]) => `${page}: ${path}${heading && `#${heading}`}`),
  )
}

test('every link of a page leads to a file, and to a heading of it', () => {
  expect(broken(root)).toEqual([])
})

describe('a release that is laid out', () => {
  const place = mkdtempSync(join(tmpdir(), 'laid-out-'))
  beforeAll(() => layOut(place, { owner: 'our-org', version: 'v9.8.7' }))
  afterAll(() => rmSync(place, { recursive: true }))

  test('has links that lead into it, or to the repository where the rest is', () => {
    expect(pages(place)).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'CHANGELOG.md']))
    expect(broken(place)).toEqual([])
  })

  test('names its own version and owner, and no placeholder', () => {
    const texts = pages(place).map((page) => readFileSync(join(place, page), 'utf8'))
    expect(texts.join('\n')).toContain('our-org/dataverse-solution-actions/action-import@v9.8.7')
    expect(texts.filter((text) => text.includes('some-org'))).toEqual([])
  })
})

test('examples use the major version of package.json, which a release makes a tag of', () => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major] = version.split('.')
  const files = [...pages(root), ...workflows('samples/user-repository/.github/workflows')]
  const wrong = files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /some-org\/dataverse-solution-actions[\w/-]*@(v[\d.]*)/g,
      ),
    ]
      .filter(([, named]) => named !== `v${major}`)
      .map(([text]) => `${file}: ${text}`),
  )
  expect(wrong).toEqual([])
})

function workflows(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
}
