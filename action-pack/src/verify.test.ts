import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyRules } from '@dsa/solution-package'
import { YAML_SOLUTION } from '../../packages/solution-package/src/testing/yaml-solution.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
const docs = fileURLToPath(new URL('../../docs/verify.md', import.meta.url))

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'verify-'))
  cpSync(sample, join(workspace, 'orders'), { recursive: true })
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

const at = (path: string): string => join(workspace, 'orders', path)
const read = (path: string): string => readFileSync(at(path), 'utf8')

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

function replace(path: string, from: string | RegExp, to: string): void {
  const before = read(path)
  const after = before.replace(from, to)
  if (after === before) throw new Error(`${path} has no ${String(from)}`)
  write(path, after)
}

const pack = (inputs: Readonly<Record<string, string>> = {}) =>
  runActionSync('pack', { 'solution-file': 'out.zip', 'solution-folder': 'orders', ...inputs }, { workspace })

const solution = 'Other/Solution.xml'
const flow = 'Workflows/ConfirmOrderbyemail-8E7E2A3D-4EC4-4B6B-956F-8655D564ACA5.json'
const view = 'Entities/lin_Order/SavedQueries/{e9939d44-2ae5-47f6-8352-460806bfad12}.xml'

const lines = 'Entities/lin_OrderLine/Entity.xml'

function withoutColumn(): void {
  replace(lines, /<attribute PhysicalName="lin_OrderId">[^]*?<\/attribute>\s*/, '')
}

function withoutRelationship(): void {
  rmSync(at('Other/Relationships/lin_Order.xml'))
  replace(
    'Other/Relationships.xml',
    / *<EntityRelationship Name="lin_orderline_OrderId_lin_order" \/>\r?\n/,
    '',
  )
}

/** Puts YAML source in the place of the sample, with a change of one of its files; without a text, that is left out. */
function breakYaml(path: string, from = '', to?: string): void {
  rmSync(join(workspace, 'orders'), { recursive: true })
  for (const [file, text] of Object.entries(YAML_SOLUTION))
    if (file !== path || to !== undefined) write(file, text)
  if (to !== undefined) write(path, (YAML_SOLUTION[path] ?? '').replace(from, to))
}

const listing = 'solutions/Hangar/solutioncomponents.yml'

interface FailingSample {
  readonly rule: string
  readonly break: () => void
  readonly file: string
  /** Line of the annotation, or undefined for a finding about a file as a whole. */
  readonly line?: RegExp | number
  readonly message: RegExp
}

const lineOf = (path: string, part: string): number =>
  read(path).slice(0, read(path).indexOf(part)).split('\n').length

/** One sample for each rule, broken in the way that the rule finds. */
const samples: readonly FailingSample[] = [
  {
    rule: 'yaml-not-well-formed',
    break: () =>
      breakYaml('publishers/hangar/publisher.yml', '  CustomizationPrefix:', '\tCustomizationPrefix:'),
    file: 'publishers/hangar/publisher.yml',
    line: 11,
    message: /tab/,
  },
  {
    rule: 'yaml-manifest-incomplete',
    break: () => breakYaml('publishers/hangar/publisher.yml'),
    file: 'solutions/Hangar/solution.yml',
    line: 1,
    message: /the publisher is 'hangar', and publishers\/hangar\/publisher\.yml is missing/,
  },
  {
    rule: 'yaml-file-misplaced',
    break: () => breakYaml('optionsets/fly_state/optionset.yml', 'optionset:', 'optionSet:'),
    file: 'optionsets/fly_state/optionset.yml',
    line: 1,
    message: /'optionSet' stands where 'optionset' is expected/,
  },
  {
    rule: 'yaml-listed-path-missing',
    break: () => breakYaml(listing, '/optionsets/fly_state', '/optionsets/fly_states'),
    file: listing,
    line: 18,
    message: /'\/optionsets\/fly_states' is listed, and is not in the folder/,
  },
  {
    rule: 'yaml-path-listed-twice',
    break: () => breakYaml(listing, '/optionsets/fly_state', '/publishers/hangar'),
    file: listing,
    line: 19,
    message: /'\/publishers\/hangar' is listed twice/,
  },
  {
    rule: 'yaml-file-not-listed',
    break: () => breakYaml(listing, "  - '@path': /optionsets/fly_state\n", ''),
    file: 'optionsets/fly_state/optionset.yml',
    line: 1,
    message: /no solutioncomponents\.yml lists it/,
  },
  {
    rule: 'merge-conflict',
    break: () => write(flow, '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> feature\n}\n'),
    file: flow,
    line: 2,
    message: /merge conflict is not resolved/,
  },
  {
    rule: 'xml-not-well-formed',
    break: () => replace('Roles/Order Clerk.xml', /<\/Role>$/, '</role>'),
    file: 'Roles/Order Clerk.xml',
    line: /^\d+$/,
    message: /Role/,
  },
  {
    rule: 'json-not-well-formed',
    break: () => replace(flow, /\}\s*$/, '\n'),
    file: flow,
    line: /^\d+$/,
    message: /It is no JSON from here on/,
  },
  {
    rule: 'element-twice',
    break: () => replace(solution, /( *<Managed>.*<\/Managed>\r?\n)/, '$1$1'),
    file: solution,
    line: /^\d+$/,
    message: /<Managed> stands twice in <SolutionManifest>, in line \d+ as well/,
  },
  {
    rule: 'root-component-twice',
    break: () =>
      replace(
        solution,
        /( *<RootComponent type="9"[^>]*)behavior="0"( \/>\r?\n)/,
        '$1behavior="0"$2$1behavior="1"$2',
      ),
    file: solution,
    line: /^\d+$/,
    message: /lin_orderstatus \(type 9\) is listed twice, in line \d+ as well/,
  },
  {
    rule: 'relationship-not-defined',
    break: () => replace('Other/Relationships.xml', /(<EntityRelationship Name=")/, '$1lin_gone" />\n  $1'),
    file: 'Other/Relationships.xml',
    line: /^\d+$/,
    message: /lin_gone is listed, and no file in Other\/Relationships\/ defines it/,
  },
  {
    rule: 'relationship-without-column',
    break: withoutColumn,
    file: 'Other/Relationships/lin_Order.xml',
    line: 3,
    message:
      /'lin_orderline_OrderId_lin_order' is that of the column 'lin_orderid', and the table 'lin_orderline' has no such column/,
  },
  {
    rule: 'lookup-without-relationship',
    break: withoutRelationship,
    file: lines,
    line: 214,
    message: /The column 'lin_orderid' of the table 'lin_orderline' is a lookup, and no relationship has it/,
  },
  {
    rule: 'git-lfs-pointer',
    break: () =>
      write(
        'WebResources/lin_/scripts/order_form.js',
        'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n',
      ),
    file: 'WebResources/lin_/scripts/order_form.js',
    message: /Git LFS pointer.*'lfs: true'/,
  },
  {
    rule: 'section-twice',
    break: () => replace('Other/Customizations.xml', /( *<optionsets \/>\r?\n)/, '$1$1'),
    file: 'Other/Customizations.xml',
    line: /^\d+$/,
    message: /<optionsets> stands twice in <ImportExportXml>/,
  },
  {
    rule: 'root-component-without-file',
    break: () => {
      rmSync(at(flow))
      rmSync(at(`${flow}.data.xml`))
    },
    file: solution,
    line: /^\d+$/,
    message: /8e7e2a3d-4ec4-4b6b-956f-8655d564aca5.*has no file/i,
  },
  {
    rule: 'file-without-root-component',
    break: () => replace(solution, /\n *<RootComponent type="9"[^>]*>/, ''),
    file: 'OptionSets/lin_orderstatus.xml',
    message: /lin_orderstatus is not listed in RootComponents/,
  },
  {
    rule: 'root-component-left-out',
    break: () =>
      replace(
        solution,
        '</RootComponents>',
        '<RootComponent type="61" schemaName="msdyn_/a.js" /></RootComponents>',
      ),
    file: solution,
    line: /^\d+$/,
    message: /msdyn_\/a\.js.*has no file.*prefix msdyn_/,
  },
  {
    rule: 'named-file-missing',
    break: () => rmSync(at(flow)),
    file: `${flow}.data.xml`,
    line: 2,
    message: /<Workflow> names Workflows.* which is not in the folder.*before 1\.29\.6/,
  },
  {
    rule: 'unclaimed-file',
    break: () => write('customapis/notes.txt', 'to do'),
    file: 'customapis/notes.txt',
    message: /Unprocessed files found/,
  },
  {
    rule: 'section-not-listed',
    break: () => write('Gizmos/Widget.meta.xml', '<Gizmo><Name>Widget</Name></Gizmo>'),
    file: 'Gizmos/Widget.meta.xml',
    message: /does not list the section Gizmos/,
  },
  {
    rule: 'duplicate-id',
    break: () => cpSync(at(view), at(view.replace('{e9939d44', '{ffffffff'))),
    file: view.replace('{e9939d44', '{ffffffff'),
    line: /^\d+$/,
    message: /has the same id \(e9939d44-2ae5-47f6-8352-460806bfad12\)/,
  },
  {
    rule: 'current-value',
    break: () =>
      write(
        'environmentvariabledefinitions/lin_DeliveryDays/environmentvariablevalues.json',
        '{"environmentvariablevalues": {}}',
      ),
    file: 'environmentvariabledefinitions/lin_DeliveryDays/environmentvariablevalues.json',
    message: /current value of lin_DeliveryDays/,
  },
  {
    rule: 'secret',
    break: () =>
      replace(flow, '"contentVersion"', '"clientSecret": "kHj8-not-for-anybody",\n      "contentVersion"'),
    file: flow,
    line: /^\d+$/,
    message: /'clientSecret' holds a literal value/,
  },
  {
    rule: 'connection-reference-not-declared',
    break: () => replace(flow, 'lin_sharedoffice365_8c2d4', 'lin_sharedoffice365_gone'),
    file: flow,
    line: /^\d+$/,
    message: /lin_sharedoffice365_gone/,
  },
  {
    rule: 'no-publisher',
    break: () => replace(solution, '<UniqueName>lindensupplies</UniqueName>', '<UniqueName />'),
    file: solution,
    line: /^\d+$/,
    message: /has no publisher/,
  },
  {
    rule: 'malformed-version',
    break: () => replace(solution, '<Version>1.0.0.0</Version>', '<Version>one</Version>'),
    file: solution,
    line: /^\d+$/,
    message: /'one' is not a version/,
  },
]

test('every rule has a failing sample, and a part in the docs', () => {
  const rules = verifyRules.map(({ id }) => id)
  expect(samples.map(({ rule }) => rule).toSorted()).toEqual(rules.toSorted())
  const headings = [...readFileSync(docs, 'utf8').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
  expect(new Set(headings)).toEqual(new Set(rules))
})

test('the sample itself has no findings', () => {
  const run = pack()
  expect(run.code).toBe(0)
  expect(run.annotations).toEqual([])
  expect(run.outputs['warnings']).toBe('0')
})

test.each(samples)('$rule', ({ rule, break: breakSample, file, line, message }) => {
  breakSample()
  const severity = verifyRules.find(({ id }) => id === rule)?.severity
  const run = pack()
  const findings = run.annotations.filter(({ properties }) => properties['title'] === rule)
  expect(findings).toHaveLength(1)
  const [finding] = findings
  expect(finding?.level).toBe(severity)
  expect(finding?.message).toMatch(message)
  expect(finding?.properties['file']).toBe(`orders/${file}`)
  if (line === undefined) expect(finding?.properties['line']).toBeUndefined()
  else expect(finding?.properties['line']).toMatch(new RegExp(line instanceof RegExp ? line : `^${line}$`))
  expect(run.summary).toContain(rule)
  expect(run.stdout).not.toContain('kHj8-not-for-anybody')
  if (severity === 'error') {
    expect(run.code).toBe(1)
    expect(existsSync(join(workspace, 'out.zip'))).toBe(false)
  } else {
    expect(run.code).toBe(0)
    expect(run.annotations).toEqual(findings)
    expect(run.outputs['warnings']).toBe('1')
    expect(existsSync(join(workspace, 'out.zip'))).toBe(true)
  }
  const without = pack({ 'verify-off': `duplicate-id\n${rule}` })
  if (severity === 'warning') expect(without.annotations).toEqual([])
  else expect(without.annotations.filter(({ properties }) => properties['title'] === rule)).toEqual([])
})

test.each([
  [
    'the column of a relationship, of a table that the solution has in part',
    () => {
      withoutColumn()
      replace(solution, 'schemaName="lin_orderline" behavior="0"', 'schemaName="lin_orderline" behavior="1"')
    },
  ],
  [
    'the column of a relationship, of a table that is not here as a whole',
    () => {
      withoutColumn()
      replace(lines, /<attribute PhysicalName="lin_OrderLineId">[^]*?<\/attribute>\s*/, '')
    },
  ],
  [
    'the relationship of a lookup that the platform made',
    () => {
      withoutRelationship()
      replace(lines, /(PhysicalName="lin_OrderId">[^]*?<IsCustomField>)1/, '$10')
    },
  ],
  [
    'a lookup with its relationship',
    () => {
      withoutColumn()
      withoutRelationship()
    },
  ],
])('nothing is missed: %s', (_, change) => {
  change()
  expect(pack().annotations).toEqual([])
})

test('in YAML source a relationship and its column are missed as well', () => {
  const attribute = 'entities/fly_plane/attributes/createdby.yml'
  breakYaml(attribute)
  replace(listing, /.*createdby\.yml\n/, '')
  expect(pack().annotations).toEqual([
    expect.objectContaining({
      level: 'warning',
      properties: expect.objectContaining({
        title: 'relationship-without-column',
        file: 'orders/entityrelationships/fly_Plane_CreatedBy/entityrelationship.yml',
        line: '1',
      }),
    }),
  ])
  const relationship = 'entityrelationships/fly_Plane_CreatedBy/entityrelationship.yml'
  breakYaml(relationship)
  write(
    attribute,
    (YAML_SOLUTION[attribute] ?? '').replace('RequiredLevel', 'IsCustomField: 1\n  RequiredLevel'),
  )
  replace(listing, /.*fly_Plane_CreatedBy\n/, '')
  expect(pack().annotations.slice(0, 1)).toEqual([
    expect.objectContaining({
      level: 'error',
      properties: expect.objectContaining({
        title: 'lookup-without-relationship',
        file: `orders/${attribute}`,
        line: '1',
      }),
    }),
  ])
})

test('the line is that of the place', () => {
  replace(solution, '<Version>1.0.0.0</Version>', '<Version>one</Version>')
  const [finding] = pack().annotations
  expect(Number(finding?.properties['line'])).toBe(lineOf(solution, '<Version>'))
})

test('verify: false checks nothing', () => {
  rmSync(at('OptionSets/lin_orderstatus.xml'))
  const run = pack({ verify: 'false' })
  expect(run.code).toBe(0)
  // Packing tells of it by itself, as SolutionPackager does.
  expect(run.annotations).toEqual([
    expect.objectContaining({
      level: 'warning',
      message: expect.stringMatching(/lin_orderstatus \(type 9\) has no file/),
      properties: {},
    }),
  ])
  expect(run.outputs['warnings']).toBe('1')
})

test('verify-off: a rule that does not exist is an error that names the rules', () => {
  const run = pack({ 'verify-off': 'duplicate-ids' })
  expect(run.code).toBe(1)
  expect(run.annotations).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(
        /'verify-off' names the rule 'duplicate-ids'.*Did you mean 'duplicate-id'\?.*merge-conflict,/,
      ),
    }),
  ])
})

test('several errors are one failure that lists them all', () => {
  rmSync(at('OptionSets/lin_orderstatus.xml'))
  write(flow, '{\n<<<<<<< HEAD\n=======\n>>>>>>> feature\n}\n')
  const run = pack()
  const failure = run.annotations.filter(({ properties }) => properties['title'] === undefined)
  expect(failure).toHaveLength(1)
  expect(failure[0]?.message).toMatch(/^The source has 2 errors, and nothing was packed\./)
  expect(failure[0]?.message).toContain(`orders/${flow}:2: A merge conflict`)
  expect(run.summary.split('A merge conflict')).toHaveLength(2)
})
