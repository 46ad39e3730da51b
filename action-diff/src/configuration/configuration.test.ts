import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { COMPONENT_KINDS, compareSolutions, RULE_IDS } from '@dsa/solution-package/diff'
import { parse } from 'yaml'
import { EditedSample } from '../../../packages/solution-comparison/src/testing/sample-edits.ts'
import { readAcceptances } from './acceptances.ts'
import { applySettings, type Settings, unusedAcceptances } from './apply.ts'
import { NO_CONFIGURATION, readConfiguration } from './configuration.ts'

const fileOf = (text: string, path = '.github/dataverse-diff.yml') => ({
  path,
  bytes: new TextEncoder().encode(text),
})

const schemas = {
  configuration: schemaOf('configuration'),
  accepted: schemaOf('accepted'),
}

function schemaOf(name: string) {
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url)
  const schema: {
    $defs?: object
    properties: Record<string, { properties?: object; items?: { pattern?: string } }>
  } = JSON.parse(readFileSync(file, 'utf8'))
  return { schema, isValid: new Ajv2020({ strictTypes: false }).compile(schema) }
}

const CONFIGURATION = `
levels:
  required-stricter: error
  privilege-added: off # reviewed elsewhere
ignore:
  - web-resource/lin_/generated/**
  - '*/lin_order.*'
`

test('a configuration says how rules count and what is left out, as YAML and as JSON', async () => {
  for (const text of [CONFIGURATION, JSON.stringify(parse(CONFIGURATION), null, '\t')]) {
    const { levels, isIgnored } = await readConfiguration(fileOf(text))
    expect([...levels]).toEqual([
      ['required-stricter', 'error'],
      ['privilege-added', 'off'],
    ])
    expect(isIgnored({ kind: 'web-resource', id: 'lin_/generated/a/b.js' })).toBe(true)
    expect(isIgnored({ kind: 'web-resource', id: 'lin_/scripts/generated/a.js' })).toBe(false)
    expect(isIgnored({ kind: 'column', id: 'lin_order.lin_notes' })).toBe(true)
    expect(isIgnored({ kind: 'table', id: 'lin_order' })).toBe(false)
  }
  expect(schemas.configuration.isValid(parse(CONFIGURATION))).toBe(true)
})

test('an empty file, and one with comments alone, say nothing', async () => {
  for (const text of ['', '# later\n', 'levels:\nignore:\n', '\ufeff{}']) {
    const { levels, isIgnored } = await readConfiguration(fileOf(text))
    expect([levels.size, isIgnored({ kind: 'table', id: 'a' })]).toEqual([0, false])
  }
})

test.each<[string, string, RegExp, boolean?]>([
  [
    'a rule that there is not',
    'levels:\n  column-remove: off',
    /yml:2:3 names the rule 'column-remove'.*Did you mean 'column-removed'/,
  ],
  [
    'a level that there is not',
    'levels:\n  column-removed: none',
    /yml:2:19 gives 'column-removed' the level 'none'; it takes off, error/,
  ],
  ['a name that there is not', 'level:\n  column-removed: off', /yml:1:1 has 'level'.*Did you mean 'levels'/],
  ['a kind that there is not', 'ignore:\n- forms/*', /yml:2:3 ignores 'forms\/\*'.*Did you mean 'form'/],
  ['a kind alone', 'ignore: [form]', /yml:1:10 ignores 'form'; an entry is a kind and an id/],
  [
    'a wildcard that can take for ever',
    `ignore: ['form/${'{a,b}'.repeat(40)}']`,
    /yml:1:10 ignores .*; the wildcards are/,
    true,
  ],
  ['a list for names', '- a', /yml:1:1 holds no names with values/],
  ['names for a list', 'ignore: { a: b }', /yml:1:9 gives 'ignore' something else than a list/],
  [
    'a list for a level',
    'levels: { column-removed: [off] }',
    /yml:1:27 has a level of 'column-removed' that is no text/,
  ],
  ['broken YAML', 'levels:\n\t- a: [', /yml:2:1 /, true],
  ['a name twice', 'levels: {}\nlevels: {}', /yml:2:1 Map keys must be unique/, true],
  ['an alias', 'levels: &a {}\nignore: *a', /yml:1:12 uses an anchor/, true],
  ['aliases that grow', 'a: &a [x]\nb: &b [*a, *a]\n', /yml:1:\d+ (?:has|uses)/, true],
  ['a tag', 'levels: !!js/function x', /yml:1:\d+ uses an anchor, an alias or a tag/, true],
  ['two documents', 'levels: {}\n---\nlevels: {}', /yml:2:1 holds a second document/, true],
  ['a name that is a map', '? { a: b }\n: c', /yml:1:3 has a name that is no text/, true],
  ['deep nesting', `ignore: ${'['.repeat(200_000)}`, /yml is nested too deeply/, true],
  ['a prototype', '__proto__: { levels: { column-removed: off } }', /yml:1:1 has '__proto__'/, true],
  // By a rest: Jest takes a fourth parameter that has no value for its callback.
])('%s is an error with file and line', async (...[, text, message, isBeyondSchema]) => {
  await expect(readConfiguration(fileOf(text))).rejects.toThrow(message)
  await expect(readConfiguration(fileOf(text))).rejects.toMatchObject({
    name: 'UserError',
    annotations: [{ level: 'error', file: '.github/dataverse-diff.yml' }],
  })
  if (isBeyondSchema !== true) expect(schemas.configuration.isValid(parse(text))).toBe(false)
})

test.each([
  ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x41]), /is not UTF-8/],
  ['a file that nobody wrote by hand', new Uint8Array(2 * 1024 ** 2).fill(35), /is larger than 256 KiB/],
])('%s: an error', async (_name, bytes, message) => {
  await expect(readConfiguration({ path: 'a.yml', bytes })).rejects.toThrow(message)
})

test('acceptances have a fingerprint of digits alone, a reason, and perhaps a day', async () => {
  const text =
    'accepted:\n- fingerprint: 000000000012\n  reason: It is empty.\n- { fingerprint: 1E2345678901, reason: x, until: 2027-01-31 }'
  await expect(readAcceptances(fileOf(text))).resolves.toEqual([
    { fingerprint: '000000000012', reason: 'It is empty.', at: { line: 2, column: 3 } },
    { fingerprint: '1e2345678901', reason: 'x', until: '2027-01-31', at: { line: 4, column: 3 } },
  ])
  expect(schemas.accepted.isValid(parse(text, { schema: 'failsafe' }))).toBe(true)
})

test.each([
  ['no reason', 'accepted: [{ fingerprint: 9f2c41aa03de }]', /:1:12 accepts a finding without 'reason'/],
  [
    'an empty reason',
    "accepted: [{ fingerprint: 9f2c41aa03de, reason: ' ' }]",
    /:1:49 has 'reason' that is no text/,
  ],
  [
    'a fingerprint that is none',
    'accepted: [{ fingerprint: 9f2c, reason: x }]',
    /accepts '9f2c'; a fingerprint has 12 digits/,
  ],
  [
    'one twice',
    'accepted:\n- { fingerprint: 9f2c41aa03de, reason: x }\n- { fingerprint: 9F2C41AA03DE, reason: y }',
    /:3:3 accepts '9f2c41aa03de' again; see line 2/,
  ],
  [
    'a day that there is not',
    'accepted: [{ fingerprint: 9f2c41aa03de, reason: x, until: 2027-02-30 }]',
    /has '2027-02-30' as 'until'/,
  ],
])('an acceptance with %s is an error with its line', async (_name, text, message) => {
  await expect(readAcceptances(fileOf(text))).rejects.toThrow(message)
})

test('the schema names the rules and kinds that there are', () => {
  const { properties } = schemas.configuration.schema
  expect(Object.keys(properties['levels']?.properties ?? {})).toEqual(RULE_IDS)
  expect(properties['ignore']?.items?.pattern).toContain(`(\\*|${COMPONENT_KINDS.join('|')})/`)
})

const ORDER = /^Entities\/lin_Order\/Entity\.xml$/
const before = new EditedSample().tree()
const required = (sample: EditedSample): EditedSample =>
  sample
    .replace(ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required')
    .replace(/^OptionSets\//, /\s*<option value="273100004"[^]*?<\/option>/, '')
    .replace(/^Roles\//, '"prvDeletelin_Order" level="Basic"', '"prvDeletelin_Order" level="Global"')
const diff = { folder: 'orders', ...compareSolutions(before, required(new EditedSample()).tree()) }

const settings = (rest: Partial<Settings> = {}): Settings => ({
  configuration: NO_CONFIGURATION,
  acceptances: [],
  acceptedBefore: undefined,
  today: '2027-01-31',
  ...rest,
})

const effectsOf = ({ changes }: Pick<ReturnType<typeof applySettings>, 'changes'>) =>
  changes.flatMap(({ effects }) => effects)

function fingerprintOf(rule: string): string {
  return effectsOf(diff).find((effect) => effect.rule === rule)?.fingerprint ?? ''
}

test('levels change what a finding counts as, and what comes first', async () => {
  const configuration = await readConfiguration(
    fileOf('levels: { option-removed: error, privilege-added: off }'),
  )
  const applied = applySettings(diff, settings({ configuration }))
  expect(effectsOf(applied).map(({ rule, level }) => [rule, level])).toEqual([
    ['option-removed', 'error'],
    ['required-stricter', 'warning'],
  ])
})

test('an ignored component is counted, and its files are left out as noise is', async () => {
  const configuration = await readConfiguration(fileOf('ignore: [choice/*, security-role/**]'))
  const { ignored, changes, quiet } = applySettings(diff, settings({ configuration }))
  expect([ignored, changes.map(({ kind }) => kind), quiet]).toEqual([
    2,
    ['column'],
    { files: 2, reasons: { ignored: 2 } },
  ])
})

test('an acceptance holds until its last day, knows whether it is new, and is told when it fits nothing', () => {
  const [old, fresh] = [fingerprintOf('option-removed'), fingerprintOf('required-stricter')]
  const at = { line: 2, column: 3 }
  const given = settings({
    acceptances: [
      { fingerprint: old, reason: 'Nobody has it.', until: '2027-01-31', at },
      { fingerprint: fresh, reason: 'Forms fill it.', at },
      { fingerprint: fingerprintOf('privilege-added'), reason: 'For now.', until: '2027-01-30', at },
      { fingerprint: '000000000000', reason: 'Gone.', at },
    ],
    acceptedBefore: new Set([old]),
  })
  const effects = effectsOf(applySettings(diff, given))
  expect(
    Object.fromEntries(effects.map(({ rule, accepted, acceptedUntil }) => [rule, accepted ?? acceptedUntil])),
  ).toEqual({
    'option-removed': { reason: 'Nobody has it.', isNew: false },
    'required-stricter': { reason: 'Forms fill it.', isNew: true },
    'privilege-added': '2027-01-30',
  })
  expect(unusedAcceptances([diff], given).map(({ reason }) => reason)).toEqual(['Gone.'])
})

test('a fingerprint stays when labels change, files are reordered, and more changes come', () => {
  const again = required(
    new EditedSample()
      .replace(ORDER, 'description="Notes"', 'description="Remarks of the warehouse"')
      .replace(
        ORDER,
        /(<attribute PhysicalName="lin_Notes">[^]*?<\/attribute>)([^]*)(<\/attributes>)/,
        '$2$1$3',
      )
      .replace(/^Roles\//, 'name="Order Clerk"', 'name="Clerk of Orders"')
      .replace(
        /^Roles\//,
        /(<RolePrivilege name="prvDeletelin_Order"[^>]*>)([^]*)(<\/RolePrivileges>)/,
        '$2$1$3',
      )
      .replace(/^OptionSets\//, 'localizedName="Order Status"', 'localizedName="Status"')
      .replace(/^OptionSets\//, 'description="Cancelled"', 'description="Given up"')
      .replace(/^OptionSets\//, 'description="Order Status"', 'description="Status"'),
  )
  const fingerprints = (solution: typeof diff): string[] =>
    effectsOf(solution)
      .map(({ rule, fingerprint }) => `${rule} ${fingerprint}`)
      .toSorted()
  const renamed = { ...diff, ...compareSolutions(before, again.tree()) }
  expect(fingerprints(renamed)).toEqual(fingerprints(diff))
  expect(fingerprints(diff)).toHaveLength(3)
})
