import { fileURLToPath } from 'node:url'
import { readFolder } from '../../folder/index.ts'
import { compareSolutions } from '../compare-solutions.ts'
import type { ComparedTree } from '../side.ts'

const sample = readFolder(fileURLToPath(new URL('../../../../../samples/orders/solution', import.meta.url)))
const SITE = '0a0a0a0a-0000-4000-8000-000000000001'
const PAGE = '0a0a0a0a-0000-4000-8000-000000000002'
const LANGUAGE = '0a0a0a0a-0000-4000-8000-000000000004'
const FILE = '0a0a0a0a-0000-4000-8000-000000000003'

const escaped = (value: object): string =>
  JSON.stringify(value).replaceAll('"', '&quot;').replaceAll('<', '&lt;')

function component(id: string, type: string, name: string, content: object, more = ''): string {
  return `<powerpagecomponent powerpagecomponentid="${id}">
  <content>${escaped(content)}</content>${more}
  <name>${name}</name>
  <powerpagecomponenttype>${type}</powerpagecomponenttype>
  <powerpagesiteid><powerpagesiteid>${SITE}</powerpagesiteid></powerpagesiteid>
  <statecode>0</statecode>
</powerpagecomponent>`
}

/** A site in a solution, and one that was downloaded beside it. */
const FILES: Readonly<Record<string, string>> = {
  'Assets/powerpagesites.xml': `<powerpagesites><powerpagesite powerpagesiteid="${SITE}"><content>${escaped({ footerwebtemplateid: PAGE })}</content><datamodelversion>2</datamodelversion><name>Shop</name></powerpagesite></powerpagesites>`,
  'Assets/powerpagesitelanguages.xml': `<powerpagesitelanguages><powerpagesitelanguage powerpagesitelanguageid="${LANGUAGE}"><displayname>English</displayname><lcid>1033</lcid><powerpagesiteid>${SITE}</powerpagesiteid></powerpagesitelanguage></powerpagesitelanguages>`,
  [`powerpagecomponents/${PAGE}/powerpagecomponent.xml`]: component(PAGE, '2', 'Home', {
    partialurl: '/',
    copy: '<p>One</p>\n<p>Two</p>',
  }),
  [`powerpagecomponents/${FILE}/powerpagecomponent.xml`]: component(
    FILE,
    '3',
    'shop.css',
    { partialurl: 'shop.css' },
    '<filecontent mimetype="text/css">shop.css</filecontent>',
  ),
  [`powerpagecomponents/${FILE}/filecontent/shop.css`]: 'a { color: red }\n',
  'Portal/website.yml': 'adx_name: Shop\nadx_website_language: 1033\n',
  'Portal/sitesetting.yml':
    '- adx_name: Search/Enabled\n  adx_sitesettingid: 1\n  adx_value: true\n- adx_name: Other\n  adx_sitesettingid: 2\n',
  'Portal/web-pages/home/Home.webpage.yml': 'adx_name: Home\nadx_partialurl: /\n',
  'Portal/web-pages/home/Home.webpage.copy.html': '<p>One</p>\n',
  'Portal/web-files/shop.css': 'a { color: red }\n',
  'Portal/web-files/shop.css.webfile.yml': 'adx_name: shop.css\n',
  'Portal/.portalconfig/manifest.yml': '- RecordId: 1\n  CheckSum: ab\n',
}

/** The sample with the sites, edited. */
function tree(edits: Readonly<Record<string, readonly [string, string]>> = {}, gone = /^$/): ComparedTree {
  const files = new Map(sample.paths.map((path) => [path, sample.read(path)]))
  for (const [path, text] of Object.entries(FILES))
    if (!gone.test(path))
      files.set(path, new TextEncoder().encode(text.replace(...(edits[path] ?? ['', '']))))
  return { paths: [...files.keys()], read: (path) => files.get(path) ?? new Uint8Array() }
}

test.each<[string, Readonly<Record<string, readonly [string, string]>>, string, string, readonly string[]]>([
  [
    'a setting of a site',
    { 'Assets/powerpagesites.xml': ['>2<', '>1<'] },
    `site ${SITE}`,
    'Shop',
    ['Data model Enhanced → Standard'],
  ],
  [
    'the language of a site',
    { 'Assets/powerpagesitelanguages.xml': ['1033', '1031'] },
    `site-component ${LANGUAGE}`,
    'English',
    ['Lcid 1033 → 1031'],
  ],
  [
    'a page',
    { [`powerpagecomponents/${PAGE}/powerpagecomponent.xml`]: ['Two', 'Three'] },
    `site-component ${PAGE}`,
    'Web page Home',
    ['Copy (HTML) 2 lines → 2 lines'],
  ],
  [
    'the content of a web file',
    { [`powerpagecomponents/${FILE}/filecontent/shop.css`]: ['red', 'blue'] },
    `site-component ${FILE}`,
    'Web file shop.css',
    ['File shop.css a { color: red } → a { color: blue }'],
  ],
  [
    'a downloaded site',
    { 'Portal/website.yml': ['1033', '1031'] },
    'site portal',
    'Site',
    ['Website language 1033 → 1031'],
  ],
  [
    'a downloaded setting',
    { 'Portal/sitesetting.yml': ['true', 'false'] },
    'site-component portal/sitesetting',
    'Site settings',
    ['Site setting Search/Enabled · Value true → false'],
  ],
  [
    'a downloaded page',
    { 'Portal/web-pages/home/Home.webpage.yml': ['/\n', '/home\n'] },
    'site-component portal/web-pages/home/home',
    'Web page Home',
    ['Partialurl / → /home'],
  ],
  [
    'the text of a downloaded page',
    { 'Portal/web-pages/home/Home.webpage.copy.html': ['One', 'Two'] },
    'site-component portal/web-pages/home/home',
    'Web page Home',
    ['File copy.html · Content <p>One</p> → <p>Two</p>'],
  ],
  [
    'a downloaded file',
    { 'Portal/web-files/shop.css': ['red', 'blue'] },
    'site-component portal/web-files/shop.css',
    'Web file shop.css',
    ['Content a { color: red } → a { color: blue }'],
  ],
])('%s is told by what it is', (_name, edits, id, name, properties) => {
  const diff = compareSolutions(tree(), tree(edits))
  expect(diff.unexplained).toEqual([])
  expect(diff.changes.map((change) => `${change.change} ${change.kind} ${change.id}`)).toEqual([
    `changed ${id}`,
  ])
  const [change] = diff.changes
  expect(change?.name).toBe(name)
  expect(change?.properties.map(({ label, base, head }) => `${label} ${base} → ${head}`)).toEqual(properties)
  expect(change?.files).toEqual(Object.keys(edits))
})

test('a site that is new is one change, which counts its components', () => {
  const { changes, unexplained } = compareSolutions(tree({}, /^(?:Assets|powerpage|Portal)/), tree())
  expect(unexplained).toEqual([])
  expect(changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual([
    'added site Shop',
    'added site Site',
  ])
  expect(changes.map(({ properties }) => properties)).toEqual([
    [{ label: 'Components of the site', path: '', base: null, head: '3' }],
    [{ label: 'Components of the site', path: '', base: null, head: '3' }],
  ])
})

test('what the download notes for itself means nothing', () => {
  const diff = compareSolutions(tree(), tree({ 'Portal/.portalconfig/manifest.yml': ['ab', 'cd'] }))
  expect(diff).toMatchObject({
    changes: [],
    unexplained: [],
    quiet: { files: 1, reasons: { 'server stamp': 1 } },
  })
})
