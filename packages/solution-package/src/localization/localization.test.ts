import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryTree, noteMissing, referenceCases, unpackCase } from '../testing/reference-cases.ts'
import { applyResources, extractResources, type ResourceOptions } from './index.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

const solution = encode(
  `<ImportExportXml languagecode="1033"><SolutionManifest><UniqueName>orders</UniqueName><LocalizedNames><LocalizedName description="Orders" languagecode="1033" /><LocalizedName description="Commandes" languagecode="1036" /></LocalizedNames></SolutionManifest></ImportExportXml>`,
)
const choice = (name: string, label: string): Uint8Array =>
  encode(
    `<optionset Name="${name}"><options><option value="1"><labels><label description="${label}" languagecode="1033" /></labels></option></options></optionset>`,
  )
const form = (label: string): Uint8Array =>
  encode(
    `<forms type="main"><systemform><formid>{f}</formid><LocalizedNames><LocalizedName description="${label}" languagecode="1033" /></LocalizedNames></systemform></forms>`,
  )

const source = new Map<string, Uint8Array>([
  ['Other/Solution.xml', solution],
  ['OptionSets/status.xml', choice('status', 'Open &amp; new')],
  ['Entities/order/FormXml/main/{f}.xml', form('Order')],
  ['Entities/order/FormXml/main/{f}_managed.xml', form('Order (managed)')],
])

const options: ResourceOptions = {
  localize: true,
  useLcid: false,
  sourceFile: 'orders.zip',
  packageType: 'Both',
}

const extract = (files: ReadonlyMap<string, Uint8Array> = source, changes: Partial<ResourceOptions> = {}) =>
  extractResources(files, files.keys(), { ...options, ...changes })

/** Key and value of each entry of a resource file. */
const entries = (resx: Uint8Array | undefined): Record<string, string> =>
  Object.fromEntries(
    [...decode(resx).matchAll(/<data name="([^"]*)"[^>]*>\s*<value(?: \/>|>([^<]*)<)/g)].map(
      ([, key = '', value = '']) => [key, value],
    ),
  )

/** The tree with its resource files, after changes to their text. */
function edited(changes: (resx: string) => string, path = 'Resources/en-US/resources.en-US.resx') {
  const files = new Map([...source, ...extract().files])
  files.set(path, encode(changes(decode(files.get('Resources/en-US/resources.en-US.resx')))))
  return applyResources(memoryTree(files))
}

test('each language has a file with all keys; what it lacks is empty', () => {
  const { files, warnings } = extract()
  expect(warnings).toEqual([])
  expect([...files.keys()]).toEqual([
    'Resources/en-US/resources.en-US.resx',
    'Resources/fr-FR/resources.fr-FR.resx',
  ])
  expect(entries(files.get('Resources/en-US/resources.en-US.resx'))).toEqual({
    '15062:LocalizedName,orders': 'Orders',
    '60:LocalizedName,{f}': 'Order',
    '9:label,status1': 'Open &amp; new',
  })
  expect(entries(files.get('Resources/fr-FR/resources.fr-FR.resx'))).toEqual({
    '15062:LocalizedName,orders': 'Commandes',
    '60:LocalizedName,{f}': '',
    '9:label,status1': '',
  })
})

test('files are named by number, and a template of one language is written on request', () => {
  const names = (changes: Partial<ResourceOptions>) => [...extract(source, changes).files.keys()]
  expect(names({ useLcid: true })).toEqual([
    'Resources/1033/resources.1033.resx',
    'Resources/1036/resources.1036.resx',
  ])
  for (const localeTemplate of ['auto', 'AUTO', '1036', 'fr-FR', 'FR-fr']) {
    expect(names({ localize: false, localeTemplate })).toEqual(['Resources/template_resources.resx'])
  }
  expect(() => names({ localeTemplate: '77777' })).toThrow("'77777' is no language")
  expect(extract(source, { localize: false, localeTemplate: 'de-DE' })).toEqual({
    files: new Map(),
    warnings: [expect.stringContaining('The solution has no texts in de-DE (1031)')],
  })
})

test('components of one name do not share a key, though a component and its managed form do', () => {
  const files = new Map([...source, ['OptionSets/status2.xml', choice('status', 'Second')] as const])
  expect(entries(extract(files).files.get('Resources/en-US/resources.en-US.resx'))).toMatchObject({
    '9:label,status1': 'Open &amp; new',
    '9:label,status1~2': 'Second',
    '60:LocalizedName,{f}': 'Order',
  })
})

test('a tree without Other/, as single-component leaves it, has its labels extracted', () => {
  const files = new Map([['OptionSets/status.xml', choice('status', 'Open')]])
  expect([...extract(files).files.keys()]).toEqual(['Resources/en-US/resources.en-US.resx'])
})

describe('taken back', () => {
  test('unchanged resource files change no byte of the tree', () => {
    const tree = edited((resx) => resx)
    for (const [path, bytes] of source) expect(decode(tree.read(path))).toBe(decode(bytes))
  })

  test('a changed text reaches the component, and its managed form', () => {
    const tree = edited((resx) => resx.replace('>Order<', '>Purchase "A" &amp; B<'))
    for (const path of [
      'Entities/order/FormXml/main/{f}.xml',
      'Entities/order/FormXml/main/{f}_managed.xml',
    ]) {
      expect(decode(tree.read(path))).toContain(
        'description="Purchase &quot;A&quot; &amp; B" languagecode="1033"',
      )
    }
    expect(decode(tree.read('Other/Solution.xml'))).toBe(decode(solution))
  })

  test('an empty text changes nothing', () => {
    const tree = edited((resx) => resx.replace('<value>Order</value>', '<value />'))
    expect(decode(tree.read('Entities/order/FormXml/main/{f}.xml'))).toBe(decode(form('Order')))
  })

  test('a new language is added beside the others', () => {
    const tree = edited(
      (resx) => resx.replace('>Open &amp; new<', '>Offen<'),
      'Resources/de-DE/resources.de-DE.resx',
    )
    expect(decode(tree.read('OptionSets/status.xml'))).toMatch(
      /<label description="Open &amp; new" languagecode="1033" \/>\s*<label description="Offen" languagecode="1031" \/>/,
    )
  })

  test('a key that no component has is left alone', () => {
    const tree = edited((resx) => resx.replace('9:label,status1', '9:label,gone1'))
    expect(decode(tree.read('OptionSets/status.xml'))).toBe(decode(choice('status', 'Open &amp; new')))
  })

  test('a resource file that is no XML is an error that names it', () => {
    expect(() => edited(() => '<root><data>')).toThrow('Resources/en-US/resources.en-US.resx')
  })

  test('files that are copied as bytes are not read as XML', () => {
    const files = new Map([
      ...source,
      ...extract().files,
      ['WebResources/x.xml', encode('no XML')] as const,
      ['WebResources/x.xml.data.xml', encode('<WebResource />')] as const,
      ['bots/a.xml', encode('no XML')] as const,
    ])
    expect(decode(applyResources(memoryTree(files)).read('WebResources/x.xml'))).toBe('no XML')
  })
})

describe('labels of component folders', () => {
  const path = 'customapis/gear_Do/customapi.xml'
  const api = (label: string): Uint8Array =>
    encode(
      `<customapi uniquename="gear_Do">\n  <displayname default="${label}">\n    <label description="${label}" languagecode="1033" />\n    <label description="Tu" languagecode="1031" />\n  </displayname>\n  <description>\n    <label description="Does it" languagecode="1033" />\n  </description>\n</customapi>`,
    )
  const withApi = new Map([...source, [path, api('Do')] as const, ['customapis/x/y.xml', encode('no XML')]])
  const en = 'Resources/en-US/resources.en-US.resx'
  const keys = (resx: Uint8Array | undefined): string[] =>
    Object.keys(entries(resx)).filter((key) => key.startsWith('100000:'))
  const foreign = (resx: string): string =>
    keys(encode(resx)).reduce(
      (text, key, i) => text.replaceAll(key, `100000:label,${'F'.repeat(63)}${i}`),
      resx,
    )

  test('come before the others, with stable keys; what is no definition has none', () => {
    const { files } = extract(withApi)
    expect(
      Object.values(entries(files.get(en)))
        .slice(0, 2)
        .toSorted(),
    ).toEqual(['Do', 'Does it'])
    expect(keys(files.get(en))).toEqual(Object.keys(entries(files.get(en))).slice(0, 2))
    expect(decode(files.get(en))).toContain(
      '<comment>Relative path in xml: \\customapi\\displayname id:</comment>',
    )
    expect(keys(extract(withApi).files.get(en))).toEqual(keys(files.get(en)))
  })

  test('keep the keys that another tool gave them, also when a text changes', () => {
    const present = new Map(
      [...extract(withApi).files].map(([name, bytes]) => [name, encode(foreign(decode(bytes)))]),
    )
    const changed = new Map([...withApi, [path, api('Do it')] as const])
    const again = extract(changed, { present: memoryTree(present) }).files
    expect(keys(again.get(en))).toEqual(keys(present.get(en)))
    expect(again.size).toBe(present.size)
    const broken = new Map([...present, [en, encode('<root')] as const])
    expect(extract(changed, { present: memoryTree(broken) }).files.size).toBe(present.size)
  })

  test.each([(resx: string) => resx, foreign])('are taken back, the default with its text', (rename) => {
    const files = new Map([...withApi, ...extract(withApi).files])
    for (const name of files.keys())
      if (name.endsWith('.resx')) files.set(name, encode(rename(decode(files.get(name)))))
    for (const [name, bytes] of withApi)
      expect(decode(applyResources(memoryTree(files)).read(name))).toBe(decode(bytes))
    files.set(en, encode(decode(files.get(en)).replace('<value>Do</value>', '<value>Go</value>')))
    expect(decode(applyResources(memoryTree(files)).read(path))).toBe(decode(api('Go')))
  })
})

const sample = fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url))

test('the sample: extracted and taken back, nothing changes', () => {
  const files = new Map(
    readdirSync(sample, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => join(item.parentPath, item.name))
      .map((path) => [relative(sample, path).split(sep).join('/'), new Uint8Array(readFileSync(path))]),
  )
  const made = [...files.keys()].filter((path) => path.endsWith('.xml') && !/^[a-z]/.test(path))
  const resources = extractResources(files, made, options).files
  expect(resources.size).toBe(1)
  const tree = applyResources(memoryTree(new Map([...files, ...resources])))
  for (const [path, bytes] of files) expect(Buffer.compare(tree.read(path), bytes)).toBe(0)
})

/** Large ones take minutes and have no other labels. */
const isSmall = (folder: string): boolean => statSync(join(folder, 'solution.zip')).size < 150_000
const corpus = referenceCases('corpus')?.filter(
  ({ packageType, folder }) => packageType === 'Both' && isSmall(folder),
)
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

withCorpus(
  'small solutions of both types: keys are unique, and what was extracted changes nothing when it is taken back',
  () => {
    const problems: string[] = []
    for (const item of corpus ?? []) {
      const { files, made } = unpackCase(item)
      const tree = new Map(files)
      const resources = extractResources(tree, made, options).files
      for (const [path, bytes] of resources) {
        const keys = [...decode(bytes).matchAll(/<data name="([^"]*)"/g)].map(([, key]) => key)
        if (new Set(keys).size !== keys.length) problems.push(`${item.id}: ${path} has a key twice`)
      }
      const again = applyResources(memoryTree(new Map([...tree, ...resources])))
      for (const [path, bytes] of tree) {
        if (Buffer.compare(again.read(path), bytes) !== 0) problems.push(`${item.id}: ${path} changed`)
      }
    }
    expect(problems).toEqual([])
  },
  600_000,
)
