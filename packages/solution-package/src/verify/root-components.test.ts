import { type SourceTree, verifySource } from '../index.ts'
import { memoryTree } from '../testing/reference-cases.ts'
import { solutionXml, customizationsXml } from '../testing/solution.ts'
import { rawZip } from '../testing/raw-zip.ts'

interface Source {
  readonly root: string
  readonly missing?: string
  readonly managed?: string
  readonly files?: Readonly<Record<string, string | Buffer>>
}

function tree({ root, missing = '', managed = '0', files = {} }: Source): SourceTree {
  const all = {
    'Other/Solution.xml': solutionXml({
      rootComponents: `<RootComponent ${root} behavior="0" />`,
      missingDependencies: missing,
      managed,
    }),
    'Other/Customizations.xml': customizationsXml(''),
    ...files,
  }
  return memoryTree(new Map(Object.entries(all).map(([path, content]) => [path, Buffer.from(content)])))
}

const severities = (source: Source): string[] =>
  verifySource(tree(source))
    .filter(({ rule }) => rule.startsWith('root-component'))
    .map(({ severity }) => severity)

/** The publisher's prefix is gear. */
const own = 'type="61" schemaName="gear_/a.js"'
const missing = (required: string): string =>
  `<MissingDependency><Required ${required} /><Dependent ${own} /></MissingDependency>`
const assembly = 'type="91" schemaName="Gear.Core, Version=1.0.0.0"'
const nupkg = (...names: string[]): Record<string, Buffer> => ({
  'pluginpackages/gear_Core/package/gear_Core.nupkg': rawZip(names.map((name) => ({ name, content: 'dll' }))),
})

/** A process with the table that its instances stand in, which is left out as well. */
const processFlow = (prefix: string): string =>
  `type="29" id="{665E73AA-18c2-47d8-86bf-c50499c73b82}" /><RootComponent type="1" schemaName="${prefix}_bpf_665e73aa18c247d886bfc50499c73b82"`

test.each<[string, Source]>([
  ['of the own prefix', { root: own }],
  ['of the own prefix, in capitals', { root: 'type="61" schemaName="GEAR_/a.js"' }],
  ['of a system table', { root: 'type="1" schemaName="account"' }],
  ['in a folder of both', { root: own, managed: '2' }],
  [
    'that others need only',
    { root: own, missing: missing('type="1" schemaName="base_t" solution="Base (1.0)"') },
  ],
  [
    'of another type',
    { root: own, missing: missing('type="1" schemaName="gear_/a.js" solution="Base (1.0)"') },
  ],
  ['missing of its own solution', { root: own, missing: missing(`${own} solution="Gadgets (1.0)"`) }],
  ['a process', { root: 'type="29" id="{665e73aa-18c2-47d8-86bf-c50499c73b82}"' }],
  ['a business process flow of its own', { root: processFlow('gear') }],
  ['a variable without definition', { root: 'type="380" schemaName="gear_Url"' }],
  ['an assembly', { root: assembly }],
  ['an assembly with an underscore', { root: 'type="91" schemaName="Old_Core, Version=1.0.0.0"' }],
  ['an assembly beside a package of another', { root: assembly, files: nupkg('lib/net462/Other.dll') }],
])('a component without file is an error: %s', (_, source) => {
  expect(new Set(severities(source))).toEqual(new Set(['error']))
})

test.each<[string, Source]>([
  ['of another prefix', { root: 'type="61" schemaName="msdyn_/a.js"' }],
  ['a business process flow of another prefix', { root: processFlow('msdyn') }],
  ['in a managed folder', { root: own, managed: '1' }],
  ['missing of another solution', { root: own, missing: missing(`${own} solution="Base (1.2.3.4)"`) }],
  [
    'missing by id',
    { root: 'type="92" id="{AB}"', missing: missing('type="92" id="ab" solution="Base (1.0)"') },
  ],
  ['an assembly in a package', { root: assembly, files: nupkg('lib/net462/gear.core.dll') }],
])('a component that an export leaves out is a warning: %s', (_, source) => {
  expect(new Set(severities(source))).toEqual(new Set(['warning']))
})

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'in a folder of its own',
    {
      'environmentvariabledefinitions/gear_Url/environmentvariabledefinition.xml':
        '<environmentvariabledefinition schemaname="GEAR_url"><type>1</type></environmentvariabledefinition>',
    },
  ],
  [
    'in a section',
    {
      'Other/Customizations.xml': customizationsXml('<EnvironmentVariables />'),
      'EnvironmentVariables/gear_Url.xml': '<Definition><SchemaName>gear_Url</SchemaName></Definition>',
    },
  ],
])('a variable that is defined %s is there', (_, files) => {
  expect(severities({ root: 'type="380" schemaName="gear_Url"', files })).toEqual([])
})

test('the reason is told', () => {
  const [finding] = verifySource(tree({ root: own, missing: missing(`${own} solution="Base (1.2)"`) }))
  expect(finding?.message).toContain("MissingDependencies names it as part of 'Base'")
})

test('each of 20,000 root components without file is told', () => {
  const roots = Array.from({ length: 20_000 }, (_, i) => `type="61" schemaName="gear_/${i}.js"`)
  const source = tree({ root: roots.join(' /><RootComponent ') })
  expect(verifySource(source)).toHaveLength(20_000)
})
