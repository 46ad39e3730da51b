import fc from 'fast-check'
import { unpackSolution } from '../index.ts'
import { parts, texts, XSI, type SolutionFixture } from '../testing/solution.ts'
import { NORMALIZE_RULES } from './index.ts'

function unpack(fixture: SolutionFixture, normalize: boolean): Record<string, string> {
  return texts(unpackSolution({ archive: parts(fixture) }, { packageType: 'Unmanaged', normalize }).files)
}

const lists = {
  dependencies: ['b', 'a', 'c'].map((name, i) => [
    `<MissingDependency><Required key="${i}" type="1" schemaName="x" displayName="${name}" /><Dependent key="${i}" type="2" id="{${name}}" /></MissingDependency>`,
    `<MissingDependency><Required key="${9 - i}" type="1" schemaName="x" displayName="${name}" /><Dependent key="${9 - i}" type="2" id="{${name}}" /></MissingDependency>`,
  ]),
  components: ['{3}', '{1}', '{2}'].map((id) => `<AppModuleComponent type="26" id="${id}" />`),
  privileges: ['prvB', 'prvA', 'prvC'].map((name) => `<RolePrivilege name="${name}" level="Deep" />`),
  relationships: ['r2', 'r1'].map(
    (name) =>
      `<EntityRelationship Name="${name}"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>account</ReferencedEntityName></EntityRelationship>`,
  ),
  labels: ['1036', '1033'].map((code) => `<displayname description="${code}" languagecode="${code}" />`),
  languages: ['1036', '1033'].map((code) => `<Language>${code}</Language>`),
}

function exported(ranks: readonly number[], build: string, second: boolean): SolutionFixture {
  const shuffled = (items: readonly string[]): string =>
    items
      .map((item, i) => ({ item, rank: ranks[i % ranks.length] ?? 0 }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ item }) => item)
      .join('')
  const stamps = `OrganizationVersion="${build}" OrganizationSchemaType="Full" CRMServerServiceabilityVersion="${build}"`
  const sections = [
    `<Roles><Role id="{1}" name="r"><RolePrivileges>${shuffled(lists.privileges)}</RolePrivileges></Role></Roles>`,
    `<EntityRelationships>${shuffled(lists.relationships)}</EntityRelationships>`,
    `<optionsets><optionset Name="o"><displaynames>${shuffled(lists.labels)}</displaynames><options><option value="2" /><option value="1" /></options></optionset></optionsets>`,
    `<AppModules><AppModule><UniqueName>a</UniqueName><AppModuleComponents>${shuffled(lists.components)}</AppModuleComponents></AppModule></AppModules>`,
    `<Languages>${shuffled(lists.languages)}</Languages>`,
  ]
  const dependencies = shuffled(
    lists.dependencies.map(([first = '', other = '']) => (second ? other : first)),
  )
  return {
    customizations: `<ImportExportXml ${XSI} ${stamps}>${sections.join('')}</ImportExportXml>`,
    solution: `<ImportExportXml version="${build}" SolutionPackageVersion="9.2" ${stamps}><SolutionManifest><UniqueName>g</UniqueName><Version>1.0</Version><Managed>0</Managed><RootComponents /><MissingDependencies>${dependencies}</MissingDependencies></SolutionManifest></ImportExportXml>`,
  }
}

const ranks = fc.array(fc.nat({ max: 50 }), { minLength: 2, maxLength: 5 })

test('two exports that differ in order and stamps give the same tree', () => {
  const first = unpack(exported([1], '9.2.1.1', false), true)
  fc.assert(
    fc.property(ranks, (order) => {
      expect(unpack(exported(order, '9.2.24051.00195', true), true)).toEqual(first)
    }),
    { numRuns: 50 },
  )
  expect(first['Other/Solution.xml']).toContain(
    '<ImportExportXml version="9.2.0.0" SolutionPackageVersion="9.2"',
  )
})

test('without it they differ, as they do with SolutionPackager', () => {
  const first = unpack(exported([1, 2], '9.2.1.1', false), false)
  const second = unpack(exported([2, 1], '9.2.1.2', true), false)
  const changed = Object.keys(first).filter((path) => first[path] !== second[path])
  expect(changed.length).toBeGreaterThan(4)
})

test('leaves the order of options, which shows, and lists with a comment in them', () => {
  const tree = unpack(exported([2, 1], '9.2.1.1', false), true)
  expect(tree['OptionSets/o.xml']).toMatch(/value="2"[^]*value="1"/)
  const role =
    '<Roles><Role name="r"><RolePrivileges><RolePrivilege name="b" /><!-- first b --><RolePrivilege name="a" /></RolePrivileges></Role></Roles>'
  expect(unpack({ sections: role }, true)['Roles/r.xml']).toMatch(/name="b"[^]*first b[^]*name="a"/)
})

test('each rule has an id of its own and a reason', () => {
  expect(new Set(NORMALIZE_RULES.map(({ id }) => id)).size).toBe(NORMALIZE_RULES.length)
  for (const { reason } of NORMALIZE_RULES) expect(reason).toMatch(/^[A-Z].+\.$/)
})
