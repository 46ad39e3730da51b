import type { XmlElement } from '../xml/index.ts'

/**
 * What exports of an unchanged solution do differently each time, and what is done about it. Only the order of what
 * has none, and stamps that an environment writes anew on each export, are touched; forms, views, options, site maps
 * and everything else in which order shows are left alone.
 */
type NormalizeRule = SortRule | AttributeRule

interface RuleBase {
  readonly id: string
  readonly reason: string
  /** What is looked at: sections of customizations.xml, or the two documents without them; everything without it. */
  readonly in?: readonly string[]
}

/** Sorts the children of each element of this name in culture order, ties by their source. */
export interface SortRule extends RuleBase {
  readonly kind: 'sort'
  readonly parent: string
  /** Sorts only when all children have this name. */
  readonly child: string
  readonly by: (child: XmlElement) => readonly (string | undefined)[]
}

/** Replaces or drops attributes of each element of this name. */
export interface AttributeRule extends RuleBase {
  readonly kind: 'attributes'
  readonly element: string
  /** The new value of an attribute; nothing drops it. */
  readonly change: (name: string, value: string, element: XmlElement) => string | undefined
}

function attributes(...names: readonly string[]) {
  return (child: XmlElement): (string | undefined)[] => names.map((name) => child.attribute(name))
}

function children(...names: readonly string[]) {
  return (child: XmlElement): (string | undefined)[] => names.map((name) => child.element(name)?.text)
}

/** The solution that brings a component, without its version: `Name (1.2)` is `Name`. */
function supplierOf(solution: string): string {
  return solution.replace(/ *\([0-9.]*\)$/, '')
}

/** What tells one side of a dependency from others: all that is said of it but its number and a version. */
function dependencyIdentity(side: XmlElement | undefined): (string | undefined)[] {
  const names = ['type', 'schemaName', 'parentSchemaName', 'id', 'displayName', 'parentDisplayName']
  const solution = side?.attribute('solution')
  return [...names.map((name) => side?.attribute(name)), solution && supplierOf(solution)]
}

/** A number that depends on a text alone (FNV-1a), below 2^31 as the numbers of exports are. */
function numberOf(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return String(hash & 0x7fffffff)
}

/** Elements that hold one text a language. */
const BY_LANGUAGE: readonly (readonly [parent: string, child: string])[] = [
  ['LocalizedNames', 'LocalizedName'],
  ['LocalizedCollectionNames', 'LocalizedCollectionName'],
  ['Descriptions', 'Description'],
  ['displaynames', 'displayname'],
  ['labels', 'label'],
]

export const NORMALIZE_RULES: readonly NormalizeRule[] = [
  {
    id: 'missing-dependency-order',
    reason: 'Missing dependencies are a set; exports list those of equal name in any order.',
    kind: 'sort',
    in: ['solution.xml'],
    parent: 'MissingDependencies',
    child: 'MissingDependency',
    by: (child) => [
      ...dependencyIdentity(child.element('Required')),
      ...dependencyIdentity(child.element('Dependent')),
    ],
  },
  ...(['Required', 'Dependent'] as const).map((element): AttributeRule => ({
    id: `missing-dependency-number-${element.toLowerCase()}`,
    reason: 'The key is the number of the line in this one export; here it is made from what the line says.',
    kind: 'attributes',
    in: ['solution.xml'],
    element,
    change: (name, value, side) => (name === 'key' ? numberOf(dependencyIdentity(side).join('\n')) : value),
  })),
  ...(['Required', 'Dependent'] as const).map((element): AttributeRule => ({
    id: `missing-dependency-version-${element.toLowerCase()}`,
    reason:
      'The version of another solution changes whenever its publisher updates it; what is required is the component.',
    kind: 'attributes',
    in: ['solution.xml'],
    element,
    change: (name, value) => (name === 'solution' ? supplierOf(value) : value),
  })),
  {
    id: 'root-component-order',
    reason: 'Root components are a set; those of equal type and name are exported in any order.',
    kind: 'sort',
    in: ['solution.xml'],
    parent: 'RootComponents',
    child: 'RootComponent',
    by: attributes('type', 'schemaName', 'id', 'parentId', 'behavior'),
  },
  {
    id: 'export-stamp',
    reason:
      'The exact build of the environment that exported; an import reads SolutionPackageVersion instead.',
    kind: 'attributes',
    in: ['solution.xml', 'customizations.xml'],
    element: 'ImportExportXml',
    change: (name, value, element) => {
      if (name === 'OrganizationVersion' || name === 'CRMServerServiceabilityVersion') return undefined
      const release = element.attribute('SolutionPackageVersion')
      const isBuild = name === 'version' && release !== undefined && value.startsWith(`${release}.`)
      return isBuild ? `${release}.0.0` : value
    },
  },
  {
    id: 'app-component-order',
    reason: 'The components of an app are a set; those without a name are exported in any order.',
    kind: 'sort',
    in: ['AppModules'],
    parent: 'AppModuleComponents',
    child: 'AppModuleComponent',
    by: attributes('type', 'schemaName', 'id'),
  },
  {
    id: 'app-role-order',
    reason: 'The roles that may use an app are a set.',
    kind: 'sort',
    in: ['AppModules'],
    parent: 'AppModuleRoleMaps',
    child: 'Role',
    by: (child) => [child.attribute('id') ?? child.attribute('Id')],
  },
  {
    id: 'app-setting-order',
    reason: 'Settings of an app are found by their name.',
    kind: 'sort',
    in: ['AppModules'],
    parent: 'appsettings',
    child: 'appsetting',
    by: attributes('settingdefinitionid.uniquename'),
  },
  {
    id: 'role-privilege-order',
    reason: 'The privileges of a role are a set.',
    kind: 'sort',
    in: ['Roles'],
    parent: 'RolePrivileges',
    child: 'RolePrivilege',
    by: attributes('name', 'level'),
  },
  {
    id: 'field-security-order',
    reason: 'Field security profiles are found by their id.',
    kind: 'sort',
    in: ['FieldSecurityProfiles'],
    parent: 'FieldSecurityProfiles',
    child: 'FieldSecurityProfile',
    by: attributes('name', 'fieldsecurityprofileid'),
  },
  {
    id: 'relationship-order',
    reason: 'Relationships are found by their name; their order in an export means nothing.',
    kind: 'sort',
    in: ['EntityRelationships'],
    parent: 'EntityRelationships',
    child: 'EntityRelationship',
    by: attributes('Name'),
  },
  {
    id: 'entity-map-order',
    reason: 'Maps between tables are found by the two tables.',
    kind: 'sort',
    in: ['EntityMaps'],
    parent: 'EntityMaps',
    child: 'EntityMap',
    by: children('EntitySource', 'EntityTarget'),
  },
  {
    id: 'attribute-map-order',
    reason: 'Maps between columns are found by the two columns.',
    kind: 'sort',
    in: ['EntityMaps'],
    parent: 'AttributeMaps',
    child: 'AttributeMap',
    by: children('AttributeSource', 'AttributeTarget'),
  },
  {
    id: 'plugin-type-order',
    reason: 'The types of an assembly are a set.',
    kind: 'sort',
    in: ['SolutionPluginAssemblies'],
    parent: 'PluginTypes',
    child: 'PluginType',
    by: attributes('Name', 'AssemblyQualifiedName'),
  },
  {
    id: 'service-endpoint-order',
    reason: 'Service endpoints are found by their id.',
    kind: 'sort',
    in: ['ServiceEndpoints'],
    parent: 'ServiceEndpoints',
    child: 'ServiceEndpoint',
    by: attributes('Name', 'ServiceEndpointId'),
  },
  {
    id: 'connection-reference-order',
    reason: 'Connection references are found by their logical name.',
    kind: 'sort',
    in: ['customizations.xml'],
    parent: 'connectionreferences',
    child: 'connectionreference',
    by: attributes('connectionreferencelogicalname'),
  },
  {
    id: 'language-order',
    reason: 'The languages of a solution are a set.',
    kind: 'sort',
    in: ['customizations.xml'],
    parent: 'Languages',
    child: 'Language',
    by: (child) => [child.text],
  },
  ...BY_LANGUAGE.map(([parent, child]): SortRule => ({
    id: `language-of-${parent.toLowerCase()}`,
    reason: 'A text is found by its language.',
    kind: 'sort',
    parent,
    child,
    by: attributes('languagecode'),
  })),
]
