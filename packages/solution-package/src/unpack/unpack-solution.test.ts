import {
  openPackage,
  openZip,
  packSolution,
  unpackSolution,
  ZipError,
  type NotCarried,
  type PackageParts,
  type PackageType,
  type SingleComponent,
} from '../index.ts'
import { memoryTree } from '../testing/reference-cases.ts'
import { rawZip, type RawEntry } from '../testing/raw-zip.ts'
import { archiveFiles, parts, solutionXml, texts, XSI, type SolutionFixture } from '../testing/solution.ts'

const GUID = '{1a2b3c4d-0001-4444-8888-000000000037}'

interface Unpacked {
  readonly files: Record<string, string>
  readonly lost: readonly string[]
}

function unpack(
  fixture: SolutionFixture,
  packageType: PackageType = 'Unmanaged',
  single?: SingleComponent,
): Unpacked {
  const result = unpackSolution(
    { archive: parts(fixture) },
    { packageType, ...(single === undefined ? {} : { singleComponent: single }) },
  )
  return { files: texts(result.files), lost: described(result.notCarried) }
}

function unpackBoth(unmanaged: SolutionFixture, managed: SolutionFixture): Unpacked {
  const result = unpackSolution(
    { archive: parts(unmanaged), managed: parts({ managed: '1', ...managed }) },
    { packageType: 'Both' },
  )
  return { files: texts(result.files), lost: described(result.notCarried) }
}

const described = (losses: readonly NotCarried[]): string[] =>
  losses.map(({ kind, path }) => `${kind} ${path}`)

const CONTENT_TYPES =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="a/b" /><Default Extension="txt" ContentType="a/b" /></Types>'

const paths = ({ files }: Unpacked): string[] =>
  Object.keys(files).filter((path) => !path.startsWith('Other/'))

const WEB_RESOURCE = `<WebResource><WebResourceId>${GUID}</WebResourceId><Name>gear_/a.js</Name><FileName>/WebResources/w1</FileName></WebResource>`
const WORKFLOW = `<Workflow WorkflowId="${GUID}" Name="w"><XamlFileName>Workflows/Sub/W.xaml</XamlFileName></Workflow>`

describe('sections', () => {
  test('become files by their row in the table, and stay behind empty', () => {
    const { files } = unpack({
      sections: `<Roles z="1"><Role id="1" name="a/b"><p /></Role></Roles><KPIs><KPI><Name>k</Name></KPI></KPIs><Kept><x /></Kept>`,
    })
    expect(files['Roles/a_b.xml']).toBe(`<Role id="1" name="a/b" ${XSI}>\n  <p />\n</Role>`)
    expect(files['KPIs/k.meta.xml']).toBe(`<KPI ${XSI}>\n  <Name>k</Name>\n</KPI>`)
    expect(files['Other/Customizations.xml']).toContain(
      '<Roles />\n  <KPIs />\n  <Kept>\n    <x />\n  </Kept>',
    )
  })

  test('of an entity: forms, views, charts and ribbon leave, everything else stays', () => {
    const result = unpack({
      sections: `<Entities><Entity><Name>gear_Thing</Name><EntityInfo />
<FormXml><forms type="main"><systemform><formid>${GUID}</formid></systemform></forms></FormXml>
<SavedQueries><savedqueries><savedquery><savedqueryid>{q}</savedqueryid></savedquery></savedqueries></SavedQueries>
<Visualizations><visualization><savedqueryvisualizationid>{v}</savedqueryvisualizationid></visualization></Visualizations>
<RibbonDiffXml r="1" /></Entity></Entities>`,
    })
    expect(paths(result)).toEqual([
      `Entities/gear_Thing/FormXml/main/${GUID}.xml`,
      'Entities/gear_Thing/SavedQueries/{q}.xml',
      'Entities/gear_Thing/Visualizations/{v}.xml',
      'Entities/gear_Thing/RibbonDiff.xml',
      'Entities/gear_Thing/Entity.xml',
    ])
    expect(result.files['Entities/gear_Thing/RibbonDiff.xml']).toBe(`<RibbonDiffXml r="1" ${XSI} />`)
    expect(result.files['Entities/gear_Thing/Entity.xml']).toMatch(
      /<EntityInfo \/>\n {2}<FormXml \/>\n {2}<SavedQueries \/>\n {2}<Visualizations \/>\n {2}<RibbonDiffXml \/>\n<\/Entity>$/,
    )
    expect(result.lost).toEqual([])
  })

  test('files go where the elements say, whatever their case in the archive', () => {
    const result = unpack({
      sections: `<WebResources>${WEB_RESOURCE}</WebResources><Workflows>${WORKFLOW}</Workflows>`,
      files: { 'webresources/W1': 'js', 'Workflows/sub/w.XAML': 'xaml' },
    })
    expect(result.files).toMatchObject({ 'WebResources/gear_/a.js': 'js', 'Workflows/W.xaml': 'xaml' })
    expect(result.lost).toEqual([])
  })

  test('only what the kind of a single component is becomes elements; contents and loose files stay', () => {
    const result = unpack(
      {
        sections: `<WebResources>${WEB_RESOURCE}</WebResources><Workflows>${WORKFLOW}</Workflows><Roles><Role name="r" /></Roles>`,
        files: { 'WebResources/w1': 'js', 'Workflows/Sub/W.xaml': 'x', 'loose/a.txt': 'a' },
      },
      'Unmanaged',
      'Workflow',
    )
    expect(Object.keys(result.files).toSorted()).toEqual([
      'WebResources/gear_/a.js',
      'Workflows/W.xaml',
      'Workflows/W.xaml.data.xml',
      'loose/a.txt',
    ])
  })
})

describe('components of one name', () => {
  const [a, b] = ['{1a2b3c4d-0001-4444-8888-00000000000a}', '{1a2b3c4d-0001-4444-8888-00000000000b}']
  const role = (id: string, value: string): string =>
    `<Role id="${id}" name="Clerk / day"><v>${value}</v></Role>`
  const roles = (...items: string[]): SolutionFixture => ({ sections: `<Roles>${items.join('')}</Roles>` })

  test('get a file each: the second and later ones with their id in its name', async () => {
    const fixture = {
      ...roles(role(a, '1'), role(b, '2')),
      rootComponents: `<RootComponent type="20" id="${a}" /><RootComponent type="20" id="${b}" />`,
    }
    const { files, notCarried, notices } = unpackSolution(
      { archive: parts(fixture) },
      { packageType: 'Unmanaged' },
    )
    expect([...files.keys()].filter((path) => path.startsWith('Roles/'))).toEqual([
      'Roles/Clerk _ day.xml',
      `Roles/Clerk _ day_${b}.xml`,
    ])
    expect(notCarried).toEqual([])
    expect(notices).toEqual([expect.stringContaining(`so this one is in Roles/Clerk _ day_${b}.xml`)])
    const { archives } = await packSolution(memoryTree(files), { packageType: 'Unmanaged' })
    const packed = openPackage(openZip(archives[0]?.bytes ?? new Uint8Array()))
    const text = Buffer.from(packed.read('customizations.xml')).toString()
    for (const id of [a, b]) expect(text).toContain(`<Role id="${id}"`)
  })

  test('keep their files in both archives, whatever the order there', () => {
    const { files, lost } = unpackBoth(roles(role(a, '1'), role(b, '2')), roles(role(b, '2'), role(a, '1')))
    expect(files['Roles/Clerk _ day.xml']).toContain(a)
    expect(files[`Roles/Clerk _ day_${b}.xml`]).toContain(b)
    expect(lost.filter((line) => line.includes('<Role>'))).toEqual([])
  })

  test.each([
    ['before', [2, 0, 1]],
    ['after', [0, 1, 2]],
  ])('get files of their own also where such a name is one of another, %s them', (_place, order) => {
    const named = [role(a, '1'), role(b, '2'), `<Role id="{c}" name="Clerk _ day_${b}"><v>3</v></Role>`]
    const { files, lost } = unpack(roles(...order.map((n) => named[n] ?? '')))
    const kept = Object.entries(files).filter(([path]) => path.startsWith('Roles/'))
    expect(kept).toHaveLength(3)
    expect(lost).toEqual([])
  })

  test('are told apart by their number where they have no id', () => {
    const rules = ['e-mail / phone', 'e-mail _ phone'].map((name) => `<Rule><Name>${name}</Name></Rule>`)
    const result = unpack({ sections: `<Rules>${rules.join('')}</Rules>` })
    expect(result.files['Rules/e-mail _ phone.meta.xml']).toContain('e-mail / phone')
    expect(result.files['Rules/e-mail _ phone_2.meta.xml']).toContain('e-mail _ phone')
  })
})

test('lists without order are built anew: own attributes stay, an empty one is self-closed', () => {
  const solution = solutionXml({})
    .replace('<RootComponents></RootComponents>', '<RootComponents a="1">\n <!-- c --> </RootComponents>')
    .replace(
      '<MissingDependencies></MissingDependencies>',
      '<MissingDependencies b="2"> <MissingDependency><Dependent type="1" /><Required type="2" /></MissingDependency> <!-- c --> <MissingDependency><Required type="1" /></MissingDependency></MissingDependencies>',
    )
  const result = unpack({ solution })
  expect(result.files['Other/Solution.xml']).toContain('<RootComponents a="1" />')
  expect(result.files['Other/Solution.xml']?.replace(/>\s+</g, '><')).toContain(
    '<MissingDependencies b="2"><MissingDependency><Required type="1" /></MissingDependency><MissingDependency><Dependent type="1" /><Required type="2" /></MissingDependency></MissingDependencies>',
  )
})

test('a missing dependency that names nothing is refused', () => {
  const missingDependencies = '<MissingDependency><Dependent type="1" /></MissingDependency>'
  expect(() => unpack({ missingDependencies })).toThrow(
    /^solution\.xml, line \d+, column \d+: <MissingDependency> has no element Required/,
  )
})

test('the index of relationships keeps all their attributes', () => {
  const relationship = (attributes: string): string =>
    `<EntityRelationship ${attributes}><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>account</ReferencedEntityName></EntityRelationship>`
  const result = unpack({
    sections: `<EntityRelationships>${relationship('unmodified="1" Name="b"')}${relationship('Name="a"')}</EntityRelationships>`,
  })
  expect(result.files['Other/Relationships.xml']).toContain(
    '<EntityRelationship unmodified="1" Name="b" />\n  <EntityRelationship Name="a" />',
  )
})

test('a managed archive has managed forms, apps and site maps, and nothing else by that name', () => {
  const result = unpack(
    {
      managed: '1',
      sections: `<Entities><Entity><Name>t</Name><FormXml><forms type="main"><systemform><formid>f</formid></systemform></forms></FormXml></Entity></Entities>
<SiteMap><SiteMap /></SiteMap><AppModules><AppModule><UniqueName>a</UniqueName></AppModule></AppModules><Roles><Role name="r" /></Roles>`,
    },
    'Managed',
  )
  const managed = Object.keys(result.files).filter((path) => path.includes('_managed'))
  expect(managed.toSorted()).toEqual([
    'AppModules/a/AppModule_managed.xml',
    'Entities/t/FormXml/main/f_managed.xml',
    'Other/SiteMap_managed.xml',
  ])
})

const entity = (name: string, info: string): string =>
  `<Entities><Entity><Name>${name}</Name><EntityInfo>${info}</EntityInfo></Entity></Entities>`

describe('both', () => {
  test('takes entities, documents and loose files from the managed archive, the rest from the unmanaged one', () => {
    const result = unpackBoth(
      {
        sections: `${entity('t', 'u')}<Roles><Role name="r">u</Role></Roles>`,
        files: { 'loose/a.txt': 'u' },
      },
      {
        sections: `${entity('t', 'm')}<Roles><Role name="r">m</Role></Roles>`,
        files: { 'loose/a.txt': 'm' },
      },
    )
    expect(result.files['Entities/t/Entity.xml']).toContain('<EntityInfo>m<')
    expect(result.files['Roles/r.xml']).toContain('>u<')
    expect(result.files['loose/a.txt']).toBe('m')
    expect(result.files['Other/Solution.xml']).toContain('<Managed>2</Managed>')
    expect(result.lost).toEqual([
      'managed-differs customizations.xml of the second archive, line 1: <Role>',
      'unmanaged-overwritten customizations.xml of the first archive, line 1: <Entity>',
      'unmanaged-overwritten loose/a.txt of the first archive',
    ])
  })

  test('says nothing of what is the same in both', () => {
    const same = {
      sections: `${entity('t', 'x')}<Roles><Role name="r" /></Roles>`,
      files: { 'loose/a.txt': 'a' },
    }
    expect(unpackBoth(same, same).lost).toEqual([])
  })

  test('finds out what differs in archives, however they store it', () => {
    const archive = (managed: string, loose: Partial<RawEntry>): PackageParts => {
      const files = { '[Content_Types].xml': CONTENT_TYPES, ...archiveFiles({ managed }) }
      const entries = Object.entries(files).map(([name, content]) => ({ name, content }))
      return openPackage(openZip(rawZip([...entries, { name: 'loose/a.txt', ...loose }])))
    }
    const lost = (unmanaged: Partial<RawEntry>, managed: Partial<RawEntry>): readonly string[] =>
      described(
        unpackSolution(
          { archive: archive('0', unmanaged), managed: archive('1', managed) },
          { packageType: 'Both' },
        ).notCarried,
      )
    expect(lost({ content: 'same' }, { content: 'same' })).toEqual([])
    expect(lost({ content: 'same' }, { content: 'same', method: 0 })).toEqual([])
    expect(lost({ content: 'this' }, { content: 'that' })).toEqual([
      'unmanaged-overwritten loose/a.txt of the first archive',
    ])
    expect(() => lost({ content: 'same', crc: 1, localCrc: 1 }, { content: 'same' })).toThrow(ZipError)
  })

  test('goes by what an archive says it is, not by its place', () => {
    const unmanaged = { managed: '0', sections: '<Roles><Role name="r">u</Role></Roles>' }
    const managed = { managed: '1', sections: '<Roles><Role name="r">m</Role></Roles>' }
    expect(unpackBoth(managed, unmanaged).files['Roles/r.xml']).toContain('>u<')
  })

  test('needs two archives', () => {
    expect(() => unpackSolution({ archive: parts() }, { packageType: 'Both' })).toThrow(
      'the managed one is missing',
    )
  })
})

describe('what is not carried over is named', () => {
  const cases: readonly (readonly [string, SolutionFixture, readonly string[]])[] = [
    ['a file at the root', { files: { 'root.txt': '1' } }, ['unclaimed-file root.txt']],
    ['a file under Other', { files: { 'other/x.txt': '1' } }, ['unclaimed-file other/x.txt']],
    [
      'an orphan of a section with items',
      { sections: '<Roles><Role name="r" /></Roles>', files: { 'roles/x.txt': '1' } },
      ['unclaimed-file roles/x.txt'],
    ],
    [
      'an additional file of a canvas app',
      {
        sections:
          '<CanvasApps><CanvasApp><Name>c</Name><BackgroundImageUri /><DocumentUri>/CanvasApps/d.msapp</DocumentUri></CanvasApp></CanvasApps>',
        files: { 'CanvasApps/d.msapp': 'd', 'CanvasApps/c_identity.json': '{}' },
      },
      ['unclaimed-file CanvasApps/c_identity.json'],
    ],
    [
      'a form without id',
      {
        sections:
          '<Entities><Entity><Name>t</Name><FormXml><forms type="m"><systemform /></forms></FormXml></Entity></Entities>',
      },
      ['element customizations.xml, line 1: <systemform>'],
    ],
    [
      'an unmodified workflow',
      { sections: `<Workflows>${WORKFLOW.replace('Name="w"', 'unmodified="1"')}</Workflows>` },
      ['element customizations.xml, line 1: <Workflow>'],
    ],
    [
      'a namesake that is overwritten',
      {
        sections:
          '<AppModules><AppModule n="1"><UniqueName>a</UniqueName></AppModule><AppModule><UniqueName>a</UniqueName><b /></AppModule></AppModules>',
      },
      [
        'attribute customizations.xml, line 1: <AppModule>',
        'collision customizations.xml, line 1: <AppModule>',
      ],
    ],
    [
      'attributes, text and comments of a section',
      { sections: '<Roles a="1">text<!-- c --><Role name="r" /></Roles>' },
      [
        'attribute customizations.xml, line 1: <Roles>',
        'text customizations.xml, line 1: <Roles>',
        'comment customizations.xml, line 1: <Roles>',
      ],
    ],
    [
      'text and comments of lists that are built anew',
      {
        rootComponents: '<!-- c -->text<RootComponent type="1" schemaName="t" />',
        sections:
          '<AppModules><AppModule><UniqueName>a</UniqueName><AppModuleComponents><!-- c --></AppModuleComponents></AppModule></AppModules>',
      },
      [
        'comment customizations.xml, line 1: <AppModuleComponents>',
        'comment solution.xml, line 4: <RootComponents>',
        'text solution.xml, line 4: <RootComponents>',
      ],
    ],
    [
      'a report without file',
      { sections: '<Reports><Report><reporttypecode>1</reporttypecode></Report></Reports>' },
      ['element customizations.xml, line 1: <Report>'],
    ],
  ]

  test.each(cases)('%s', (_what, fixture, lost) => {
    expect(unpack(fixture).lost).toEqual(lost)
  })

  test('and nothing else is: the frame of an archive, files of empty sections, twins of equal content', () => {
    const fixture = {
      sections: '<Roles><Role name="r" /><Role name="r" /></Roles>',
      files: { 'WebResources/loose.txt': '1' },
    }
    expect(unpack(fixture)).toMatchObject({ lost: [], files: { 'WebResources/loose.txt': '1' } })
  })
})

describe('refuses', () => {
  const cases: readonly (readonly [string, SolutionFixture, string])[] = [
    [
      'a role without name',
      { sections: '<Roles>\n<Role id="1" /></Roles>' },
      'customizations.xml, line 2, column 1: <Role> has no attribute name',
    ],
    [
      'a dashboard whose id is none',
      { sections: '<Dashboards><Dashboard><FormId>x</FormId></Dashboard></Dashboards>' },
      "'x' as element FormId, which is no GUID",
    ],
    [
      'a name that leaves the folder',
      { sections: `<WebResources>${WEB_RESOURCE.replace('gear_/a.js', '../../a.js')}</WebResources>` },
      'leads out of the folder',
    ],
    [
      'a name that reaches into a repository',
      { sections: `<WebResources>${WEB_RESOURCE.replace('gear_/a.js', '../.Git/hooks/x')}</WebResources>` },
      'reaches into a .git folder',
    ],
    [
      'a file where a folder has to be',
      {
        sections: '<Entities><Entity><Name>t</Name></Entity></Entities>',
        files: { 'x/a': '1', 'x/a/b': '2' },
      },
      'needs a folder',
    ],
    [
      'a managed archive asked for as unmanaged',
      { managed: '1' },
      "is managed, so it cannot be unpacked with 'solution-type: Unmanaged'",
    ],
    ['a package type that is none', { managed: 'yes' }, "<Managed> is 'yes'"],
    ['a solution without name', { solution: '<a><SolutionManifest /></a>' }, 'has no element UniqueName'],
    [
      'customizations that are cut',
      { customizations: '<a><Roles>' },
      'line 1, column 4: <Roles> is not closed',
    ],
    ['a later item without name', { sections: '<KPIs><K><Name>a</Name></K><K /></KPIs>' }, 'each needs one'],
  ]

  test.each(cases)('%s', (_what, fixture, message) => {
    expect(() => unpack(fixture)).toThrow(message)
  })
})

test('root components and missing dependencies are sorted, and keep the order of equals', () => {
  const { files } = unpack({
    rootComponents:
      '<RootComponent type="9" schemaName="o" /><RootComponent type="10" /><RootComponent type="1" schemaName="b" /><RootComponent type="1" schemaName="A" />',
    missingDependencies:
      '<MissingDependency><Required key="1" type="1" schemaName="b" /></MissingDependency><MissingDependency><Required key="3" type="1" schemaName="a" /></MissingDependency><MissingDependency><Required key="2" type="1" schemaName="a" /></MissingDependency>',
  })
  const solution = files['Other/Solution.xml'] ?? ''
  expect(solution.match(/schemaName="[^"]*"|type="10"/g)?.slice(0, 4)).toEqual([
    'schemaName="A"',
    'schemaName="b"',
    'type="10"',
    'schemaName="o"',
  ])
  expect(solution.match(/key="\d"/g)).toEqual(['key="3"', 'key="2"', 'key="1"'])
})
