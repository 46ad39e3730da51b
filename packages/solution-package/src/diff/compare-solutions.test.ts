import { fileURLToPath } from 'node:url'
import { readFolder } from '../folder/index.ts'
import { compareSolutions } from './compare-solutions.ts'
import type { SolutionDiff } from './report.ts'
import type { ComparedTree } from './side.ts'

const sample = readFolder(fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url)))
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

type Edit = (text: string, path: string) => string | undefined

/** The sample with each file edited; one whose edit gives nothing is gone. */
function edited(edit: Edit, added: Readonly<Record<string, string>> = {}): ComparedTree {
  const files = new Map<string, string>(Object.entries(added))
  for (const path of sample.paths) {
    const text = edit(decode(sample.read(path)), path)
    if (text !== undefined) files.set(path, text)
  }
  return { paths: [...files.keys()], read: (path) => encode(files.get(path) ?? '') }
}

const replaced = (path: string, from: string | RegExp, to: string): ComparedTree =>
  edited((text, own) => (own === path ? text.replace(from, to) : text))

const without = (part: string): ComparedTree =>
  edited((text, path) => (path.includes(part) ? undefined : text))

/** What is told, in short: `changed column lin_order.lin_notes: Required Optional → Business required`. */
const told = ({ changes }: SolutionDiff): string[] =>
  changes.map(({ change, kind, id, properties }) => {
    const words = properties.map(({ label, base, head }) => `${label} ${base ?? '-'} → ${head ?? '-'}`)
    return `${change} ${kind} ${id}${words.length === 0 ? '' : `: ${words.join(', ')}`}`
  })

const ORDER = 'Entities/lin_Order/Entity.xml'
const FLOW = 'Workflows/ConfirmOrderbyemail-8E7E2A3D-4EC4-4B6B-956F-8655D564ACA5.json'
const NOTHING = { changes: [], unexplained: [] }

describe('what means nothing', () => {
  test.each<[string, Edit]>([
    ['nothing', (text) => text],
    ['other line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark more or less', (text) => (text.startsWith('\uFEFF') ? text.slice(1) : text)],
    ['other indentation', (text, path) => (path.endsWith('.xml') ? text.replaceAll(/\n\s+</g, '\n<') : text)],
    [
      'another order of attributes',
      (text, path) =>
        path.endsWith('.xml')
          ? text.replaceAll(/(<(?!\?)\w+) (\w+="[^"]*") (\w+="[^"]*")/g, '$1 $3 $2')
          : text,
    ],
    [
      'another order of privileges',
      (text, path) =>
        path.startsWith('Roles/')
          ? text.replace(
              /(<RolePrivileges>)([\s\S]*)(<\/RolePrivileges>)/,
              (_all, start: string, inner: string, end: string) =>
                start + inner.split('\n').toReversed().join('\n') + end,
            )
          : text,
    ],
    [
      'defaults that appear',
      (text, path) =>
        path === ORDER
          ? text.replaceAll(
              '<IsSecured>',
              '<IsRetrievable>1</IsRetrievable><IsFilterable>0</IsFilterable><IsSecured>',
            )
          : text,
    ],
    ['stamps of the server', (text) => text.replaceAll('9.2.26101.182', '9.2.26999.1')],
  ])('%s', (_name, edit) => {
    const diff = compareSolutions(sample, edited(edit))
    expect(diff).toMatchObject(NOTHING)
  })

  test('is counted by its reason', () => {
    const diff = compareSolutions(
      sample,
      edited((text) => text.replaceAll('9.2.26101.182', '9.2.26999.1')),
    )
    expect(diff.quiet).toEqual({ files: 2, reasons: { 'server stamp': 2 } })
  })
})

describe('what is told', () => {
  test('a property, in the words of the portal, with its effect and its file', () => {
    const diff = compareSolutions(
      sample,
      replaced(ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required'),
    )
    expect(diff.changes).toEqual([
      {
        kind: 'column',
        id: 'lin_order.lin_notes',
        name: 'Notes',
        parent: { kind: 'table', id: 'lin_order', name: 'Order' },
        change: 'changed',
        properties: [
          { label: 'Required', path: 'RequiredLevel', base: 'Optional', head: 'Business required' },
        ],
        effects: [
          {
            rule: 'required-stricter',
            effect: 'breaks',
            level: 'warning',
            reason: "Column 'Order › Notes' is required from now on.",
            advice: 'See that every form and flow fills it.',
            fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
          },
        ],
        files: [ORDER],
      },
    ])
    expect(diff.suggestedVersion).toBe('1.1.0.0')
  })

  test('a table that is gone is one change, which counts its parts', () => {
    const diff = compareSolutions(sample, without('Entities/lin_OrderLine/'))
    expect(told(diff)).toEqual([
      'removed table lin_orderline: Record ownership User or team → -, Columns 21 → -, Forms 3 → -, Views 7 → -',
    ])
    expect(diff.changes[0]?.files).toHaveLength(
      sample.paths.filter((path) => path.includes('lin_OrderLine/')).length,
    )
    expect(diff.changes[0]?.effects.map(({ rule }) => rule)).toContain('table-removed')
  })

  test('a file that moved is no new component', () => {
    const from = 'Roles/Order Clerk.xml'
    const head = edited((text, path) => (path === from ? undefined : text), {
      'Roles/Clerk.xml': decode(sample.read(from)),
    })
    expect(told(compareSolutions(sample, head))).toEqual([
      `changed security-role c9011463-e3e8-48ab-bcb7-640e88fc238b: File ${from} → Roles/Clerk.xml`,
    ])
  })

  test('a copied file with the id of its original is no new component, and the original is not gone with it', () => {
    const [from, copy] = ['Roles/Order Clerk.xml', 'Roles/Clerk.xml']
    const both = edited((text) => text, { [copy]: decode(sample.read(from)).replace('Global', 'Basic') })
    const id = 'security-role c9011463-e3e8-48ab-bcb7-640e88fc238b'
    const there = compareSolutions(sample, both)
    expect(told(there)).toEqual([`changed ${id}: File ${from} → ${copy}, ${from}`])
    expect(there.changes[0]?.files).toEqual([copy])
    expect(told(compareSolutions(both, sample))).toEqual([`changed ${id}: File ${copy}, ${from} → ${from}`])
  })

  test('the change of a managed twin is not told twice', () => {
    const head = edited((text, path) =>
      /FormXml\/main\/\{676fdeda/.test(path) ? text.replace('"Quantity"', '"Amount"') : text,
    )
    const diff = compareSolutions(sample, head)
    expect(told(diff)).toEqual([
      'changed form 676fdeda-ea56-4cbf-bff9-5eceb0d3f912: Field Amount · Label Quantity → Amount',
    ])
    expect(diff.changes[0]?.files).toHaveLength(2)
  })

  test('a field that moves to another section is the same field', () => {
    const head = edited((text, path) => {
      if (!/FormXml\/main\/\{676fdeda/.test(path)) return text
      const [row = ''] = /<row>\s*<cell id="\{e3ff1916[\s\S]*?<\/row>/.exec(text) ?? []
      return text.replace(row, '').replace(/(<section name="order"[\s\S]*?<rows>)/, `$1${row}`)
    })
    expect(told(compareSolutions(sample, head))).toEqual([
      'changed form 676fdeda-ea56-4cbf-bff9-5eceb0d3f912: Field Quantity · Place General › Order line → General › Order',
    ])
  })

  test('a step of a flow by its name, and a text by its lines', () => {
    const head = edited((text, path) =>
      path.endsWith('.json')
        ? text.replace(/("operationId": ")[^"]*"/, '$1Other"')
        : path.endsWith('order_form.js')
          ? `${text}// more\n`
          : text,
    )
    const diff = compareSolutions(sample, head)
    expect(diff.changes.map(({ kind }) => kind)).toEqual(['cloud-flow', 'web-resource'])
    expect(diff.changes[1]?.properties[0]?.text).toEqual([' })()', '+// more'])
  })

  test('a file that no component explains is named', () => {
    const head = edited((text) => text, { 'Notes/todo.txt': 'x' })
    expect(compareSolutions(sample, head)).toMatchObject({
      changes: [],
      unexplained: [{ file: 'Notes/todo.txt', change: 'added' }],
    })
  })

  test('XML of no known kind by its elements', () => {
    const base = edited((text) => text, { 'slas/support.meta.xml': '<sla><name>A</name></sla>' })
    const head = edited((text) => text, { 'slas/support.meta.xml': '<sla><name>B</name></sla>' })
    expect(told(compareSolutions(base, head))).toEqual(['changed other slas/support.meta.xml: Name A → B'])
  })

  test('translations are told by their texts, and the template for translators is not', () => {
    const resource = (text: string): string =>
      `<root><resheader name="version"><value>2.0</value></resheader><data name="lin_order.name"><value>${text}</value><comment>x</comment></data></root>`
    const tree = (text: string): ComparedTree =>
      edited((own) => own, {
        'Resources/fr-FR/resources.fr-FR.resx': resource(text),
        'Resources/template_resources.resx': resource(text),
      })
    const diff = compareSolutions(tree('Commande'), tree('Bon'))
    expect(told(diff)).toEqual([
      'changed solution lindenorders: Texts (fr-FR) · Text lin_order.name · Value Commande → Bon',
    ])
    expect(diff).toMatchObject({ unexplained: [], quiet: { files: 1, reasons: { derived: 1 } } })
  })

  test('an index of relationships that lists nothing means nothing', () => {
    const head = edited((own) => own, { 'Other/Relationships.xml': '<EntityRelationships />' })
    const base = edited((own, path) => (path === 'Other/Relationships.xml' ? undefined : own))
    expect(compareSolutions(base, head)).toMatchObject({ ...NOTHING, quiet: { files: 1 } })
  })

  test('files of a library of commands belong to the definition that names them', () => {
    const definition = (number: string): string =>
      `<CanvasApp><Name>lin_commandlibrary_1a2b3</Name><DisplayName>Commands</DisplayName><DocumentUri>/CanvasApps/lin_command${number}_DocumentUri.msapp</DocumentUri></CanvasApp>`
    const tree = (number: string, app: string): ComparedTree =>
      edited((own) => own, {
        'CanvasApps/lin_commandlibrary_1a2b3.meta.xml': definition(number),
        [`CanvasApps/lin_command${number}_DocumentUri.msapp`]: app,
      })
    const diff = compareSolutions(tree('1', 'a'), tree('2', 'b'))
    expect(diff.unexplained).toEqual([])
    expect(told(diff)).toEqual([
      expect.stringMatching(/^changed canvas-app lin_commandlibrary_1a2b3: .*a → b/),
    ])
  })

  test('a solution that is new or gone as a whole', () => {
    expect(compareSolutions(undefined, sample)).toMatchObject({
      base: null,
      name: 'LindenOrders',
      suggestedVersion: '1.0.0.0',
    })
    const gone = compareSolutions(sample, undefined)
    expect(gone).toMatchObject({ head: null, suggestedVersion: null })
    expect(gone.changes.every(({ change }) => change === 'removed')).toBe(true)
  })
})

test('the order of tabs is told by their names, whatever they hold', () => {
  const tab = (name: string, id: string) =>
    `<tab name="${name}" id="{${id.repeat(8)}-0000-4000-8000-000000000000}"><labels><label description="${name}" languagecode="1033" /></labels><columns /></tab>`
  const [first, second] = [tab('First', 'a'), tab('Second', 'b')]
  const withTabs = (tabs: string) =>
    edited((text, path) =>
      path.includes('/FormXml/main/') ? text.replace('</tabs>', `${tabs}</tabs>`) : text,
    )
  const forms = told(compareSolutions(withTabs(first + second), withTabs(second + first)))
  expect(forms.length).toBeGreaterThan(0)
  for (const form of forms) expect(form).toMatch(/: Order of tabs .*, First, Second → .*, Second, First$/)
})

test('the mirror of a comparison is the comparison of the mirror', () => {
  const head = edited(
    (text, path) =>
      path.includes('1978521c') ? undefined : path === ORDER ? text.replace('"Notes"', '"Remarks"') : text,
    { 'OptionSets/lin_new.xml': '<optionset Name="lin_new"><options /></optionset>' },
  )
  const mirrored = { added: 'removed', removed: 'added', changed: 'changed' } as const
  const plain = compareSolutions(sample, head).changes.map(({ kind, id, change, properties, files }) => ({
    kind,
    id,
    change: mirrored[change],
    properties: properties.map(({ label, base, head: now }) => ({ label, base: now, head: base })),
    files,
  }))
  const back = compareSolutions(head, sample).changes.map(({ kind, id, change, properties, files }) => ({
    kind,
    id,
    change,
    properties: properties.map(({ label, base, head: now }) => ({ label, base, head: now })),
    files,
  }))
  const sorted = (list: readonly { readonly id: string }[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(plain).toHaveLength(3)
  expect(sorted(back)).toEqual(sorted(plain))
})

test('a folder of one kind and the same as Both: managed variants alone are no new components', () => {
  const plain = edited((text, path) =>
    path.endsWith('_managed.xml')
      ? undefined
      : path === 'Other/Solution.xml'
        ? text.replace('<Managed>2<', '<Managed>0<')
        : text,
  )
  expect(compareSolutions(plain, sample)).toMatchObject(NOTHING)
  expect(compareSolutions(sample, plain)).toMatchObject(NOTHING)
})

test('a folder of managed variants alone and the same as Both: the others are no new components', () => {
  const variants = new Set(sample.paths.filter((path) => path.endsWith('_managed.xml')))
  expect(variants.size).toBeGreaterThan(0)
  const managed = edited((text, path) =>
    variants.has(path.replace(/\.xml$/, '_managed.xml'))
      ? undefined
      : path === 'Other/Solution.xml'
        ? text.replace('<Managed>2<', '<Managed>1<')
        : text,
  )
  for (const diff of [compareSolutions(managed, sample), compareSolutions(sample, managed)]) {
    expect(diff).toMatchObject(NOTHING)
    expect(diff.quiet.reasons['managed twin']).toBe(variants.size)
  }
})

test('a side that cannot be read is an error with its file, never no change', () => {
  const conflict = '<<<<<<< HEAD\n<Version>1.0</Version>\n=======\n<Version>1.1</Version>\n>>>>>>> b\n'
  expect(() =>
    compareSolutions(sample, replaced('Other/Solution.xml', /<Version>.*<\/Version>/, `\n${conflict}`)),
  ).toThrow(/Other\/Solution\.xml, line \d+, column 1: A merge conflict is not resolved/)
  expect(() => compareSolutions(sample, replaced(ORDER, '</Entity>', ''))).toThrow(ORDER)
  expect(() => compareSolutions(sample, without('Other/Solution.xml'))).toThrow('Other/Solution.xml')
})

test.each<[string, string, string | RegExp, string, RegExp]>([
  [
    'a merge conflict in a flow',
    FLOW,
    '"actions": {',
    '"actions": {\n<<<<<<< HEAD\n"a": 1,\n=======\n"b": 2,\n>>>>>>> topic\n',
    /ConfirmOrder.*\.json, line \d+: A merge conflict is not resolved/,
  ],
  [
    'a flow that is no JSON',
    FLOW,
    '"actions": {',
    '"actions": {,',
    /ConfirmOrder.*\.json, line \d+: It is no JSON from here on/,
  ],
  [
    'a merge conflict in a role',
    'Roles/Order Clerk.xml',
    '<RolePrivileges>',
    '<RolePrivileges>\n<<<<<<< HEAD\n=======\n>>>>>>> topic\n',
    /Roles\/Order Clerk\.xml, line \d+: A merge conflict is not resolved/,
  ],
  [
    'a pointer of Git LFS',
    'Roles/Order Clerk.xml',
    /^[^]*$/,
    'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
    /Roles\/Order Clerk\.xml: It is a Git LFS pointer/,
  ],
  [
    'a document type in a role',
    'Roles/Order Clerk.xml',
    '<Role ',
    '<!-- a -->\n<!DOCTYPE Role [<!ENTITY level "Global">]><Role ',
    /Roles\/Order Clerk\.xml, line \d+, column 1: It has a document type/,
  ],
])('%s is an error with file and line, on both sides', (_name, path, from, to, message) => {
  const broken = replaced(path, from, to)
  expect(() => compareSolutions(sample, broken)).toThrow(message)
  expect(() => compareSolutions(broken, sample)).toThrow(message)
})
