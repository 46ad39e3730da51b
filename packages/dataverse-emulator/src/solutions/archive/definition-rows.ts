import { lookUp, type Lookup, type XmlElement } from '@dsa/solution-package'
import type { Row, Value } from '../../store/row.ts'

/** What the platform keeps of a definition, by the element that defines the component. */
interface DefinitionRow {
  /** The table whose rows such components are; without it, layers alone show the columns. */
  readonly table?: string
  /** Column to place; `#` before it for a number, `?` for yes or no, `=` for one that is null when it is not stated. */
  readonly columns: Readonly<Record<string, Lookup | number | ((element: XmlElement) => Value | undefined)>>
  /** The column that names the table to which the component belongs. */
  readonly owner?: string
  /** The file that holds most of it, and the column that its content goes to. */
  readonly file?: {
    readonly at: Lookup
    readonly column: (path: string) => string
    readonly encoding: BufferEncoding
  }
}

const LABEL = 'LocalizedNames/LocalizedName/@description'

const ROWS: Readonly<Record<string, DefinitionRow>> = {
  Entity: {
    columns: {
      schemaname: 'Name',
      entitysetname: 'EntityInfo/entity/EntitySetName',
      objecttypecode: '#ObjectTypeCode',
      isdefined: (element) => element.element('EntityInfo')?.element('entity') !== undefined,
    },
  },
  attribute: {
    columns: {
      type: 'Type',
      physicalname: '@PhysicalName',
      maxlength: '#Length|MaxLength',
      optionset: 'OptionSetName',
      options: optionsOf,
      isprimaryname: (element) => (lookUp('DisplayMask', element) ?? '').includes('PrimaryName'),
    },
  },
  optionset: { columns: { options: optionsOf } },
  EntityRelationship: {
    columns: {
      relationshiptype: 'EntityRelationshipType',
      referencingentity: (element) => lookUp('ReferencingEntityName', element)?.toLowerCase(),
      referencedentity: (element) => lookUp('ReferencedEntityName', element)?.toLowerCase(),
      referencingattribute: (element) => lookUp('ReferencingAttributeName', element)?.toLowerCase(),
      referencingnavigation: (element) => navigation(element, '1'),
      referencednavigation: (element) => navigation(element, '0'),
    },
  },
  systemform: {
    table: 'systemform',
    owner: 'objecttypecode',
    columns: { formid: 'formid', name: LABEL, type: 2, formactivationstate: '#FormActivationState' },
  },
  Dashboard: {
    table: 'systemform',
    owner: 'objecttypecode',
    columns: { formid: 'FormId', name: LABEL, type: 0 },
  },
  Dialog: {
    table: 'systemform',
    owner: 'objecttypecode',
    columns: { formid: 'FormId', name: LABEL, type: 8 },
  },
  InteractionCentricDashboard: {
    table: 'systemform',
    owner: 'objecttypecode',
    columns: { formid: 'FormId', name: LABEL, type: 10 },
  },
  savedquery: {
    table: 'savedquery',
    owner: 'returnedtypecode',
    columns: { name: LABEL, querytype: '#querytype', isdefault: '?isdefault' },
  },
  WebResource: {
    table: 'webresource',
    columns: {
      name: 'Name',
      displayname: 'DisplayName',
      webresourcetype: '#WebResourceType',
      languagecode: '#LanguageCode',
    },
    file: { at: 'FileName', column: () => 'content', encoding: 'base64' },
  },
  Role: {
    table: 'role',
    columns: {
      name: '@name',
      '(privileges)': (element) =>
        (element.element('RolePrivileges')?.elements('RolePrivilege') ?? []).map(
          (item) => item.attribute('name') ?? '',
        ),
    },
  },
  Workflow: {
    table: 'workflow',
    columns: {
      name: '@Name',
      category: '#Category',
      type: '#Type',
      mode: '#Mode',
      scope: '#Scope',
      subprocess: '?Subprocess',
      primaryentity: 'PrimaryEntity',
      introducedversion: 'IntroducedVersion',
    },
    file: {
      at: 'JsonFileName|XamlFileName',
      column: (path) => (path.endsWith('.json') ? 'clientdata' : 'xaml'),
      encoding: 'utf8',
    },
  },
  PluginAssembly: {
    table: 'pluginassembly',
    columns: {
      name: (element) => element.attribute('FullName')?.split(',')[0],
      version: (element) => /Version=([\d.]+)/.exec(element.attribute('FullName') ?? '')?.[1],
    },
  },
  SdkMessageProcessingStep: {
    table: 'sdkmessageprocessingstep',
    columns: { name: '@Name', stage: '#Stage', rank: '#Rank' },
  },
  AppModule: { table: 'appmodule', columns: { uniquename: 'UniqueName', name: `${LABEL}|UniqueName` } },
  CanvasApp: {
    table: 'canvasapp',
    columns: { name: 'Name', displayname: 'DisplayName', appversion: 'AppVersion', status: 'Status' },
  },
  Connector: { table: 'connector', columns: { name: 'name', displayname: 'displayname' } },
  connectionreference: {
    table: 'connectionreference',
    columns: {
      connectionreferencelogicalname: '@connectionreferencelogicalname',
      connectionreferencedisplayname: '=connectionreferencedisplayname',
      description: '=description',
      connectorid: 'connectorid',
      promptingbehavior: '#promptingbehavior',
    },
  },
  environmentvariabledefinition: {
    table: 'environmentvariabledefinition',
    columns: {
      schemaname: '@schemaname',
      displayname: 'displayname/@default',
      description: '=description/@default',
      type: '#type',
      defaultvalue: '=defaultvalue',
      isrequired: '?isrequired',
      secretstore: '#secretstore',
      introducedversion: 'introducedversion',
      parameterkey: '=parameterkey',
      apiid: '=apiid',
    },
  },
}

/** A definition as a row: its columns, and what its file says. */
export interface DefinedRow {
  readonly columns: Row
  readonly file?: Uint8Array
  readonly row?: { readonly table: string; readonly values: Row }
}

/**
 * @param owner the name of the table to which the component belongs
 * @param read the content of the file that a definition names, when it is there
 */
export function definedRow(
  element: XmlElement,
  owner: string | undefined,
  read: (name: string) => Uint8Array | undefined,
): DefinedRow {
  const definition = ROWS[element.name]
  if (definition === undefined) return { columns: {} }
  const columns = columnsOf(element, definition)
  const named = definition.file === undefined ? undefined : lookUp(definition.file.at, element)
  const file = named === undefined ? undefined : read(named.replace(/^\//, ''))
  const content =
    file === undefined || definition.file === undefined || named === undefined
      ? {}
      : { [definition.file.column(named)]: Buffer.from(file).toString(definition.file.encoding) }
  const owned = definition.owner === undefined ? {} : { [definition.owner]: owner ?? 'none' }
  return {
    columns,
    ...(file === undefined ? {} : { file }),
    ...(definition.table === undefined
      ? {}
      : { row: { table: definition.table, values: { ...columns, ...owned, ...content } } }),
  }
}

/** Leaves out what the definition does not state. */
function columnsOf(element: XmlElement, { columns }: DefinitionRow): Row {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, source]) => {
      const value =
        typeof source === 'string'
          ? stated(element, source)
          : typeof source === 'number'
            ? source
            : source(element)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function stated(element: XmlElement, source: Lookup): Value | undefined {
  const place = source.slice(1)
  if (source.startsWith('?')) return lookUp(place, element) === '1'
  if (source.startsWith('=')) return lookUp(place, element) ?? null
  if (!source.startsWith('#')) return lookUp(source, element)
  const text = lookUp(place, element) ?? ''
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

function optionsOf(element: XmlElement): Value | undefined {
  const list = element.element('optionset')?.element('options') ?? element.element('options')
  if (list === undefined) return undefined
  const entries = ['option', 'state', 'status'].flatMap((name) => list.elements(name))
  return Object.fromEntries(
    entries.map((option) => [
      option.attribute('value') ?? '',
      lookUp('labels/label/@description', option) ?? '',
    ]),
  )
}

function navigation(element: XmlElement, type: string): string | undefined {
  const roles = element.element('EntityRelationshipRoles')?.elements('EntityRelationshipRole') ?? []
  const role = roles.find((item) => lookUp('RelationshipRoleType', item) === type)
  return role === undefined ? undefined : lookUp('NavigationPropertyName', role)
}
