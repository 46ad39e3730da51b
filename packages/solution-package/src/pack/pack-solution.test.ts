import {
  openPackage,
  openZip,
  packSolution,
  unpackSolution,
  type PackageType,
  type PackOptions,
} from '../index.ts'
import { memoryTree } from '../testing/reference-cases.ts'
import {
  customizationsXml,
  parts,
  solutionXml,
  texts,
  XSI,
  type SolutionFixture,
} from '../testing/solution.ts'
import { assembly } from '../testing/assembly.ts'
import { assemblyIdentity } from '../dotnet/assembly-identity.ts'

const NO_KEY = Buffer.alloc(0)

/** A tree as text files. */
async function pack(files: Readonly<Record<string, string | Buffer>>, options: PackOptions) {
  const bytes = new Map(
    Object.entries(files).map(([path, text]) => [path, new Uint8Array(Buffer.from(text))]),
  )
  const packed = await packSolution(memoryTree(bytes), options)
  const archives = packed.archives.map((archive) => {
    const entries = openZip(archive.bytes).map((entry) => [entry.name, entry.read()] as const)
    return { kind: archive.kind, entries: texts(new Map(entries)) }
  })
  return { ...packed, archives }
}

function treeOf(sections: string, fixture: SolutionFixture = {}): Record<string, string> {
  return {
    'Other/Solution.xml': solutionXml(fixture),
    'Other/Customizations.xml': customizationsXml(sections),
  }
}

const UNMANAGED = { packageType: 'Unmanaged' } as const

describe('types', () => {
  const cases: readonly (readonly [string, PackageType, boolean])[] = [
    ['0', 'Unmanaged', true],
    ['0', 'Managed', false],
    ['0', 'Both', false],
    ['1', 'Managed', true],
    ['1', 'Unmanaged', false],
    ['2', 'Unmanaged', true],
    ['2', 'Managed', true],
    ['2', 'Both', true],
  ]

  test.each(cases)('a tree with Managed %s as %s: %s', async (managed, packageType, allowed) => {
    const packing = pack(treeOf('', { managed }), { packageType })
    if (!allowed) {
      await expect(packing).rejects.toThrow(`cannot be packed as ${packageType}`)
      return
    }
    const { archives } = await packing
    expect(archives.map(({ entries }) => /<Managed>(\d)/.exec(entries['solution.xml'] ?? '')?.[1])).toEqual(
      { Unmanaged: ['0'], Managed: ['1'], Both: ['0', '1'] }[packageType],
    )
  })
})

test('the version is written into the archive', async () => {
  const { archives, manifest } = await pack(treeOf(''), { ...UNMANAGED, version: '2.0.0.1' })
  expect(archives[0]?.entries['solution.xml']).toContain('<Version>2.0.0.1</Version>')
  expect(manifest).toMatchObject({ uniqueName: 'gadgets', version: '2.0.0.1' })
})

test('files stand under the names that elements give, loose ones after them, content types last', async () => {
  const { archives } = await pack(
    {
      ...treeOf('<WebResources />', {
        rootComponents: '<RootComponent type="61" schemaName="GEAR_/a.js" />',
      }),
      'WebResources/gear_/a.js.data.xml': `<WebResource><Name>gear_/a.js</Name><FileName>/WebResources/w1</FileName></WebResource>`,
      'WebResources/gear_/a.js': 'js',
      'loose/z.txt': 'z',
      'loose/a.xml': '<a/>',
      'root.txt': 'no',
      '.git/config': 'no',
    },
    UNMANAGED,
  )
  expect(Object.keys(archives[0]?.entries ?? {})).toEqual([
    'customizations.xml',
    'solution.xml',
    'WebResources/w1',
    'loose/a.xml',
    'loose/z.txt',
    '[Content_Types].xml',
  ])
  expect(archives[0]?.entries['[Content_Types].xml']).toContain('PartName="/loose/a.xml"')
})

describe('managed variants', () => {
  const rootComponents =
    '<RootComponent type="1" schemaName="t" /><RootComponent type="62" /><RootComponent type="80" schemaName="a" />'
  const tree = {
    ...treeOf('<Entities /><SiteMap /><AppModules />', { managed: '2', rootComponents }),
    'Entities/t/Entity.xml': '<Entity><Name>t</Name><FormXml /></Entity>',
    'Entities/t/FormXml/main/f.xml': '<forms><systemform><formid>f</formid><u /></systemform></forms>',
    'Entities/t/FormXml/main/f_managed.xml':
      '<forms><systemform><formid>f</formid><m /></systemform></forms>',
    'Entities/t/FormXml/main/g.xml': '<forms><systemform><formid>g</formid><u /></systemform></forms>',
    'Other/SiteMap.xml': '<SiteMap><u /></SiteMap>',
    'Other/SiteMap_managed.xml': '<SiteMap><m /></SiteMap>',
    'AppModules/a/AppModule.xml': '<AppModule><UniqueName>a</UniqueName><u /></AppModule>',
  }

  test('go into the managed archive; forms and apps without one are taken plain', async () => {
    const { archives } = await pack(tree, { packageType: 'Both' })
    const marks = archives.map(({ entries }) => entries['customizations.xml']?.match(/<[um] \/>/g))
    expect(marks).toEqual([
      ['<u />', '<u />', '<u />', '<u />'],
      ['<m />', '<u />', '<m />', '<u />'],
    ])
  })

  test('forms of other solutions, which a managed export leaves out, are no stand-in for one', async () => {
    const required = '<Required key="1" type="60" id="G" solution="Base (1.0.0.0)" />'
    const missingDependencies = `<MissingDependency>${required}<Dependent key="2" type="60" id="g" /></MissingDependency>`
    const form = (attributes: string, id: string): string =>
      `<forms><systemform${attributes}><formid>${id}</formid><${attributes === '' ? 'g' : 'o'} /></systemform></forms>`
    const { archives } = await pack(
      {
        ...tree,
        'Other/Solution.xml': solutionXml({ managed: '2', rootComponents, missingDependencies }),
        'Entities/t/FormXml/main/g.xml': form('', 'g'),
        'Entities/t/FormXml/main/o.xml': form(' unmodified="1"', 'o'),
      },
      { packageType: 'Both' },
    )
    const marks = archives.map(({ entries }) => entries['customizations.xml']?.match(/<[umgo] \/>/g))
    expect(marks).toEqual([
      ['<u />', '<g />', '<o />', '<u />', '<u />'],
      ['<m />', '<m />', '<u />'],
    ])
  })

  test('a site map without one is left out, with a warning', async () => {
    const { 'Other/SiteMap_managed.xml': _gone, ...rest } = tree
    const { archives, warnings } = await pack(rest, { packageType: 'Managed' })
    expect(archives[0]?.entries['customizations.xml']).toContain('<SiteMap />')
    expect(warnings.join('\n')).toContain('Other/SiteMap.xml: not packed')
  })
})

test('declarations that the root has are removed, others are kept', async () => {
  const { archives } = await pack(
    {
      ...treeOf('<Gizmos />'),
      'Gizmos/a.meta.xml': `<Gizmo ${XSI} b="2" xmlns:q="urn:q">\r\n<Name>a</Name><q:x/></Gizmo>`,
      'Gizmos/readme.txt': 'not read',
    },
    UNMANAGED,
  )
  expect(archives[0]?.entries['customizations.xml']).toContain(
    '<Gizmo b="2" xmlns:q="urn:q">\n      <Name>a</Name>\n      <q:x />\n    </Gizmo>',
  )
})

describe('refuses', () => {
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['a folder that is no tree', { 'a.txt': '' }, 'Other/Solution.xml'],
    ['a tree without sections', { 'Other/Solution.xml': solutionXml({}) }, 'Other/Customizations.xml'],
    [
      'a component that RootComponents does not list',
      { ...treeOf('<optionsets />'), 'OptionSets/o.xml': '<optionset Name="o" />' },
      'OptionSets/o.xml (type 9, o)',
    ],
    [
      'a missing content file',
      {
        ...treeOf('<Workflows />'),
        'Workflows/w.json.data.xml':
          '<Workflow WorkflowId="1"><JsonFileName>/Workflows/w.json</JsonFileName></Workflow>',
      },
      '<Workflow> names Workflows/w.json, which is not in the folder',
    ],
    [
      'a file of another kind',
      { ...treeOf('<Roles />'), 'Roles/r.xml': '<Workflow />' },
      'Roles/r.xml, line 1, column 1: <Workflow> stands where <Role> is expected',
    ],
    [
      'a merge conflict',
      { ...treeOf('<Roles />'), 'Roles/r.xml': '<<<<<<< HEAD' },
      'Roles/r.xml, line 1, column 1',
    ],
  ]

  test.each(cases)('%s', async (_what, tree, message) => {
    await expect(pack(tree, UNMANAGED)).rejects.toThrow(message)
  })
})

const relation = (name: string): string =>
  `<EntityRelationship Name="${name}"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>t</ReferencedEntityName></EntityRelationship>`

describe('relationships', () => {
  test('come in the order of the index, which decides what there is', async () => {
    const { archives, warnings, verifiable } = await pack(
      {
        ...treeOf('<EntityRelationships />'),
        'Other/Relationships.xml':
          '<EntityRelationships><EntityRelationship Name="b"/><EntityRelationship Name="a"/><EntityRelationship Name="gone"/></EntityRelationships>',
        'Other/Relationships/t.xml': `<EntityRelationships>${relation('a')}${relation('b')}${relation('c')}</EntityRelationships>`,
      },
      UNMANAGED,
    )
    const names = archives[0]?.entries['customizations.xml']?.match(/EntityRelationship Name="\w+"/g)
    expect(names).toEqual(['b', 'a', 'gone'].map((name) => `EntityRelationship Name="${name}"`))
    expect(warnings).toEqual([expect.stringContaining('c is not packed')])
    expect(verifiable).toEqual([expect.stringContaining('gone is in no file')])
  })
})

describe('plug-in assemblies', () => {
  const stated = 'Gear.Core, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null'
  const tree = {
    ...treeOf('<SolutionPluginAssemblies />', {
      rootComponents: `<RootComponent type="91" id="{1}" schemaName="${stated}" behavior="0" />`,
    }),
    'PluginAssemblies/G/Gear.dll.data.xml': `<PluginAssembly FullName="${stated}" PluginAssemblyId="{1}"><FileName>/PluginAssemblies/G/Gear.dll</FileName><PluginTypes><PluginType AssemblyQualifiedName="Gear.Plugin, ${stated}" Name="Gear.Plugin" /></PluginTypes></PluginAssembly>`,
  }
  const dll = assembly('Gear.New', [2, 1, 0, 7], NO_KEY)
  const actual = 'Gear.New, Version=2.1.0.7, Culture=neutral, PublicKeyToken=null'

  test('are packed with the identity of the file, wherever it is named', async () => {
    const { archives } = await pack({ ...tree, 'PluginAssemblies/G/Gear.dll': dll }, UNMANAGED)
    const entries = archives[0]?.entries ?? {}
    expect(entries['customizations.xml']).toContain(
      `<PluginAssembly FullName="${actual}" PluginAssemblyId="{1}">`,
    )
    expect(entries['customizations.xml']).toContain(
      `AssemblyQualifiedName="Gear.Plugin, ${actual}" Name="Gear.Plugin"`,
    )
    expect(entries['solution.xml']).toContain(`type="91" id="{1}" schemaName="${actual}" behavior="0"`)
  })

  test('unless that is turned off, or the file is no assembly', async () => {
    const off = await pack(
      { ...tree, 'PluginAssemblies/G/Gear.dll': dll },
      { ...UNMANAGED, disablePluginRemap: true },
    )
    const text = await pack({ ...tree, 'PluginAssemblies/G/Gear.dll': 'no assembly' }, UNMANAGED)
    for (const { archives } of [off, text]) {
      expect(archives[0]?.entries['customizations.xml']).toContain(`FullName="${stated}"`)
      expect(archives[0]?.entries['solution.xml']).toContain(`schemaName="${stated}"`)
    }
  })

  test('have the token of their key', () => {
    // The neutral ECMA key, whose token is known: ECMA-335 II.6.2.1.3.
    const key = Buffer.from('00000000000000000400000000000000', 'hex')
    expect(assemblyIdentity(assembly('mscorlib', [4, 0, 0, 0], key))).toBe(
      'mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089',
    )
  })

  test('that are damaged are no assemblies, wherever they are cut', () => {
    for (let length = 0; length < dll.length; length += 7) {
      expect([undefined, actual]).toContain(assemblyIdentity(dll.subarray(0, length)))
    }
  })
})

test('long texts of templates go back into their elements', async () => {
  const fixture = {
    sections: `<Templates><KBArticleTemplates><kbarticletemplate><kbarticletemplateid>1</kbarticletemplateid><formatxml>&lt;f a="1"/&gt;\n</formatxml><structurexml></structurexml><languagecode>1033</languagecode></kbarticletemplate></KBArticleTemplates></Templates>`,
  }
  const { files } = unpackSolution({ archive: parts(fixture) }, UNMANAGED)
  expect(texts(files)['Templates/KbArticleDocuments/1033/1/formatxml.xsl']).toBe('\u{feff}<f a="1"/>\n')
  const { archives } = await packSolution(memoryTree(files), UNMANAGED)
  const again = openPackage(openZip(archives[0]?.bytes ?? new Uint8Array()))
  expect(Buffer.from(again.read('customizations.xml')).toString()).toContain(
    '<formatxml>&lt;f a="1"/&gt;\n</formatxml>',
  )
})
