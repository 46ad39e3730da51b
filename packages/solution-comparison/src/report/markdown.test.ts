import { marked } from 'marked'
import type { Change, Effect } from '@dsa/solution-package/diff'
import { type ComparedSolution, type DiffReport, makeReport } from './diff-report.ts'
import { reportMarkdown } from './markdown.ts'

const PAGES = 'https://docs.example/'
const render = (report: DiffReport, maxBytes = 65_536): string =>
  reportMarkdown(report, { maxBytes, pageOf: (page) => `${PAGES}${page}`, fullReport: `${PAGES}report` })

const effectOf = (rest: Partial<Effect> = {}): Effect => ({
  rule: 'column-removed',
  effect: 'data-loss',
  level: 'error',
  reason: 'It goes.',
  advice: 'Keep it.',
  fingerprint: '0123456789ab',
  ...rest,
})

const changeOf = (rest: Partial<Change> = {}): Change => ({
  kind: 'column',
  id: 'lin_order.lin_notes',
  name: 'Notes',
  parent: { kind: 'table', id: 'lin_order', name: 'Order' },
  change: 'changed',
  properties: [{ label: 'Required', path: 'RequiredLevel', base: 'Optional', head: 'Business required' }],
  effects: [],
  files: [],
  ...rest,
})

const solutionOf = (rest: Partial<ComparedSolution> = {}): ComparedSolution => ({
  folder: 'solutions/orders',
  name: 'LindenOrders',
  base: { version: '1.0.0.0', packageType: 'Both', format: 'xml' },
  head: { version: '1.1.0.0', packageType: 'Both', format: 'xml' },
  changes: [changeOf()],
  relations: [],
  unexplained: [],
  quiet: { files: 0, reasons: {} },
  suggestedVersion: '1.1.0.0',
  ...rest,
})

const reportOf = (...solutions: readonly ComparedSolution[]): DiffReport =>
  makeReport({ base: 'main@1a2b3c4', head: 'feature@5d6e7f8' }, solutions)

/** Each would leave its place somewhere, if it were not for the escapes. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '</details><script>x</script>',
  '</summary><b>',
  '[a](https://evil.example) ![b](https://evil.example/c)',
  'https://evil.example www.evil.example mail@evil.example',
  '@octo @linden/team #12 GH-1 linden/orders#3',
  '| a | b |\n| --- | --- |',
  '```\n# heading\n```',
  '`code` ``more`` ~~~',
  '\n\n# heading\r\n- item\n> quote\n---\n',
  '<!-- comment',
  '**bold** _em_ ~~gone~~ $x$ :tada:',
  '\u202edlog\u202c \u200bzero\ufeff \u0000\u001b[31m',
  '"];%% end\nerDiagram\nclick t0 href "https://evil.example"\n}',
  '&lt;b&gt; &#60;',
  '1. one',
]

/** The same text in every place of a report that a solution can fill. */
function filledWith(text: string): DiffReport {
  const table = { id: text, name: text }
  const named = { id: `${text}.${text}`, name: text, parent: { kind: 'table' as const, ...table } }
  const property = { label: text, path: text, base: text, head: `${text}2`, text: [`-${text}`, `+${text}`] }
  const relation = { type: 'one-to-many' as const, from: table, to: { id: 'b', name: text }, lookup: text }
  const effects = [
    effectOf({ reason: text, advice: text }),
    effectOf({ rule: 'env-var-needs-value', effect: 'needs-settings', level: 'notice' }),
  ]
  const solution = solutionOf({
    folder: text,
    name: text,
    base: { version: text, packageType: 'Both', format: 'xml' },
    head: { version: `${text}1`, packageType: 'Both', format: 'xml' },
    changes: [
      changeOf({ kind: 'table', ...table, properties: [property], effects }),
      changeOf({ ...named, properties: [property] }),
      changeOf({ ...named, id: `${text}.other`, change: 'added', properties: [{ ...property, base: null }] }),
      changeOf({ ...named, kind: 'view', change: 'removed', properties: [{ ...property, head: null }] }),
      changeOf({ kind: 'relationship', id: text, name: text, relation }),
      changeOf({
        kind: 'security-role',
        id: text,
        name: text,
        privileges: [{ table: text, verb: 'Read', path: 'p', base: text, head: null }],
      }),
    ],
    relations: [{ id: text, ...relation }],
    unexplained: [{ file: text, change: 'added' }],
    suggestedVersion: text,
  })
  return makeReport({ base: text, head: text }, [solution, { ...solution, changes: [], unexplained: [] }])
}

const OURS = new Set(
  'h3 p strong em ul li a details summary b table thead tbody tr th td code pre br wbr span'.split(' '),
)

test.each(HOSTILE)('%j stays text wherever a solution says it', (text) => {
  const markdown = render(filledWith(text))
  const html = marked.parse(markdown, { async: false })
  const tags = [...html.matchAll(/<\/?([a-z][\w-]*)([^>]*)>/g)]
  expect(tags.map(([, name]) => name).filter((name) => !OURS.has(name ?? ''))).toEqual([])
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address ?? '')
  expect(links.filter((address) => !address.startsWith(PAGES))).toEqual([])
  expect(html).not.toMatch(/<[^>]*onerror|<!--/)
  // GitHub looks for mentions and references in what is neither code nor preformatted.
  const prose = html.replace(/<(pre|code)[^>]*>[^]*?<\/\1>/g, '')
  expect(prose).not.toMatch(/@\w|(?<!&)#\d|GH-\d|:tada:|www\.|https?:\/\/evil/)
  for (const hidden of ['\u202e', '\u200b', '\ufeff', '\u0000', '\u001b'])
    expect(markdown).not.toContain(hidden)
  expect(tags.filter(([tag]) => tag.startsWith('<details')).length).toBe(
    tags.filter(([tag]) => tag.startsWith('</details')).length,
  )
  expect(html.match(/<h3/g)).toHaveLength(1)
  expect(html).not.toMatch(/<h[124-6]|<blockquote|<hr|<ol/)
})

test.each(HOSTILE)('%j cannot leave its place in a diagram', (text) => {
  const [, diagram = ''] = /```mermaid\n([^]*?)\n```/.exec(render(filledWith(text))) ?? []
  const [first, ...lines] = diagram.split('\n')
  expect(first).toBe('erDiagram')
  for (const line of lines)
    expect(line).toMatch(
      /^ {2}t\d+(?:\["[+−]? ?(?:[\p{L}\p{N}\p{M} _.-]|#\d+;)*…?"\]| \|\|--o\{ t\d+ : "[+−]? ?(?:[\p{L}\p{N}\p{M} _.-]|#\d+;)*")$/u,
    )
})

/** A large solution in a script of several bytes a letter. */
function huge(components: number, name: string): ComparedSolution {
  return solutionOf({
    changes: Array.from({ length: components }, (_, at) =>
      changeOf({
        id: `lin_t${at % 40}.lin_c${at}`,
        name: `${name} ${at}`,
        parent: { kind: 'table', id: `lin_t${at % 40}`, name: `${name} ${at % 40}` },
        properties: [
          { label: name, path: '', base: name.repeat(20), head: `${name.repeat(20)}${at}` },
          { label: name, path: '', base: name, head: `${at}`, text: [`-${name}`, `+${name} ${at}`] },
        ],
        effects: at % 7 === 0 ? [effectOf({ reason: `${name.repeat(10)} ${at}.` })] : [],
      }),
    ),
  })
}

describe.each([
  ['ASCII', 'Order line'],
  ['Japanese', '注文明細の表示'],
  ['emojis', '👩‍💻🚀✨'],
  ['what is escaped', '$|*_`@a<\u202e'],
])('a limit in bytes, with %s', (_script, name) => {
  test.each([
    [8_000, 300],
    [65_536, 500],
    [1024 ** 2, 2_000],
  ])('%i bytes hold', (maxBytes, total) => {
    const text = render(reportOf(huge(total, name)), maxBytes)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
    // What fits is used, and no character is cut in two.
    if (maxBytes > 8_000) expect(Buffer.byteLength(text)).toBeGreaterThan(maxBytes * 0.9)
    expect(text).not.toContain('\ufffd')
    expect(text).toContain(`${2 * total} changes in ${total} components`)
    const shown = text.match(/^\| ± column/gm)?.length ?? 0
    const [, more = ''] = /^_(\d+) more components: in the \[full report\]/m.exec(text) ?? []
    expect(shown + Number(more)).toBe(total)
    expect(text.match(/<details/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0)
    const [, others = ''] = /^- and (\d+) more, in the \[full report\]/m.exec(text) ?? []
    const findings = text.match(/^- 🛑/gm)?.length ?? 0
    expect(findings).toBeLessThanOrEqual(10)
    if (findings > 0) expect(findings + Number(others)).toBe(Math.ceil(total / 7))
  })
})

test('many solutions share the limit: each has its head first, and those without room are counted', () => {
  const solutions = Array.from({ length: 300 }, (_, at) => ({ ...huge(20, '注文'), name: `Solution${at}` }))
  const text = render(reportOf(...solutions))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536)
  const heads = text.match(/^### /gm)?.length ?? 0
  expect(heads).toBeGreaterThan(100)
  expect(text).toContain(`_${300 - heads} more solutions: `)
})

test('never more than ten findings, what is certain first, and settings in one line', () => {
  const change = (at: number, effects: readonly Effect[]): Change =>
    changeOf({ id: `lin_order.c${at}`, name: `C${at}`, effects })
  const text = render(
    reportOf(
      solutionOf({
        changes: [
          ...Array.from({ length: 9 }, (_, at) =>
            change(at, [effectOf({ rule: 'option-removed', effect: 'breaks', level: 'warning' })]),
          ),
          ...Array.from({ length: 4 }, (_, at) =>
            change(20 + at, [effectOf({ rule: `r${at}`, effect: 'widens-access', level: 'warning' })]),
          ),
          ...Array.from({ length: 8 }, (_, at) =>
            change(40 + at, [
              effectOf({ rule: 'env-var-needs-value', effect: 'needs-settings', level: 'notice' }),
            ]),
          ),
          change(60, [effectOf({ reason: 'Rows are lost.' })]),
        ],
      }),
    ),
  )
  const lines = text.split('\n').filter((line) => line.startsWith('- '))
  expect(lines[0]).toMatch(/^- 🛑 \*\*Rows are lost\.\*\* Keep it\. \[column-removed\]/)
  expect(lines.filter((line) => line.startsWith('- ⚠️'))).toHaveLength(3)
  expect(lines.at(-2)).toMatch(
    /^- 🔧 Each environment gives a value to \*\*C40\*\* `[\da-f]{12}`, .*\*\*C44\*\* `[\da-f]{12}` and 3 others\. /,
  )
  expect(lines.at(-1)).toMatch(/^- and 6 more, in the \[full report\]/)
  expect(lines).toHaveLength(10)
  // The advice of a rule stands there once.
  expect(lines.filter((line) => line.includes('[option-removed]'))).toHaveLength(1)
})

test.each<[string, Partial<ComparedSolution>, string]>([
  ['nothing', { changes: [] }, '**LindenOrders 1.0.0.0 → 1.1.0.0**: no component changed.\n'],
  [
    'noise alone',
    { changes: [], quiet: { files: 3, reasons: {} } },
    '**LindenOrders 1.0.0.0 → 1.1.0.0**: no component changed, 3 files of noise left out.\n',
  ],
  [
    'the version alone',
    {
      changes: [
        changeOf({
          kind: 'solution',
          properties: [{ label: 'Version', path: '', base: '1.0.0.0', head: '1.1.0.0' }],
        }),
      ],
    },
    '**LindenOrders 1.0.0.0 → 1.1.0.0**: only the version changed.\n',
  ],
])('%s is one line', (_name, solution, text) => {
  expect(render(reportOf(solutionOf(solution)))).toBe(text)
})

test('two things of one name are told apart by their logical names, and ids are cut short', () => {
  const id = '51c4523a-8841-47a8-adf2-2ce2a706b646'
  const text = render(
    reportOf(
      solutionOf({
        changes: [
          changeOf(),
          changeOf({ id: 'lin_order.lin_remarks', change: 'added', properties: [] }),
          changeOf({
            kind: 'form',
            id,
            name: 'Order',
            properties: [{ label: 'View', path: '', base: `{${id}}`, head: id.toUpperCase() }],
          }),
          changeOf({
            kind: 'form',
            id: id.replace('5', '6'),
            name: 'Order',
            properties: [{ label: 'Name', path: '', base: 'a', head: 'b' }],
          }),
        ],
      }),
    ),
  )
  expect(text).toContain('**Notes** (`lin_notes`) · Required')
  expect(text).toContain('**Notes** (`lin_remarks`)')
  expect(text).toContain('**Order** (51c4523a…) · View | 51c4523a… | 51C4523A… |')
  expect(text).toContain('**Order** (61c4523a…) · Name')
})

test('equal changes of several components share a row', () => {
  const views = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => changeOf({ kind: 'view', id: name, name }))
  expect(render(reportOf(solutionOf({ changes: views })))).toContain(
    '| ± 6 views | **A**, **B**, **C**, **D**, **E** and 1 other · Required | Optional | Business required |',
  )
})
