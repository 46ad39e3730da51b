import type { XmlElement } from '../../xml/index.ts'
import { rawAt, valueFact, type Fact } from '../facts/fact.ts'
import { ELSEWHERE, xmlFacts, type ValueRule, type XmlRules } from '../facts/xml-facts.ts'
import type { Property } from '../report.ts'

const YES_NO = { '0': 'No', '1': 'Yes', false: 'No', true: 'Yes', False: 'No', True: 'Yes' }

function yesNo(label: string, silent: readonly string[] | 'any' = ['0', 'False', 'false']): ValueRule {
  return { label, values: YES_NO, silent }
}

/** A managed property: it comes and goes with its default, and only matters in managed targets. */
function managedProperty(label: string): ValueRule {
  return { label, values: YES_NO, silent: ['1'] }
}

/** Values by the maker portal's words; defaults as measured at first appearance in public repositories. */
export const TABLE_RULES: XmlRules = {
  Name: 'Name',
  'Name/@LocalizedName': { label: 'Display name', echo: true },
  'Name/@OriginalName': { label: 'Original name', quiet: 'derived' },
  ObjectTypeCode: { label: 'Object type code', quiet: 'server stamp' },
  FormXml: ELSEWHERE,
  SavedQueries: ELSEWHERE,
  Visualizations: ELSEWHERE,
  RibbonDiffXml: ELSEWHERE,
  'EntityInfo/entity': 'Table',
  'EntityInfo/entity/@Name': { label: 'Name', echo: true },
  'EntityInfo/entity/attributes': ELSEWHERE,
  'EntityInfo/entity/EntityKeys': ELSEWHERE,
  'EntityInfo/entity/OwnershipTypeMask': {
    label: 'Record ownership',
    values: {
      UserOwned: 'User or team',
      OrgOwned: 'Organization',
      BusinessOwned: 'Business unit',
      None: 'None',
    },
  },
  'EntityInfo/entity/IsActivity': yesNo('Type: activity'),
  'EntityInfo/entity/ActivityTypeMask': { label: 'Where the activity is shown', silent: ['0'] },
  'EntityInfo/entity/DataProviderId': 'Type: virtual, data provider',
  'EntityInfo/entity/DataSourceId': 'Type: virtual, data source',
  'EntityInfo/entity/ExternalName': 'External name',
  'EntityInfo/entity/ExternalCollectionName': 'External collection name',
  'EntityInfo/entity/EntitySetName': 'Set name',
  'EntityInfo/entity/TableType': { label: 'Type of table', silent: ['Standard'] },
  'EntityInfo/entity/EntityColor': 'Color',
  'EntityInfo/entity/IconVectorName': 'Table image',
  'EntityInfo/entity/HasRelatedNotes': yesNo('Enable attachments'),
  'EntityInfo/entity/HasRelatedActivities': yesNo('Creating a new activity'),
  'EntityInfo/entity/HasRelatedFeedback': yesNo('Can be linked to feedback'),
  'EntityInfo/entity/IsConnectionsEnabled': yesNo('Can have connections'),
  'EntityInfo/entity/IsActivityParty': yesNo('Can have a contact email'),
  'EntityInfo/entity/IsMailMergeEnabled': yesNo('Doing a mail merge'),
  'EntityInfo/entity/IsDocumentManagementEnabled': yesNo('Setting up SharePoint document management'),
  'EntityInfo/entity/IsAuditEnabled': yesNo('Audit changes to its data'),
  'EntityInfo/entity/ChangeTrackingEnabled': yesNo('Track changes'),
  'EntityInfo/entity/IsDuplicateCheckSupported': yesNo('Apply duplicate detection rules'),
  'EntityInfo/entity/IsQuickCreateEnabled': yesNo('Leverage quick create form if available'),
  'EntityInfo/entity/IsOfflineInMobileClient': yesNo('Can be taken offline'),
  'EntityInfo/entity/MobileOfflineFilters': 'Offline filter',
  'EntityInfo/entity/SyncToExternalSearchIndex': yesNo('Appear in search results'),
  'EntityInfo/entity/AutoRouteToOwnerQueue': yesNo("Move to the owner's queue"),
  'EntityInfo/entity/AutoCreateAccessTeams': yesNo('Have an access team'),
  'EntityInfo/entity/EntityHelpUrlEnabled': yesNo('Provide custom help'),
  'EntityInfo/entity/EntityHelpUrl': 'Help URL',
  'EntityInfo/entity/IsBusinessProcessEnabled': yesNo('Business process flows'),
  'EntityInfo/entity/IsBPFEntity': { ...yesNo('Is a business process flow'), quiet: 'derived' },
  'EntityInfo/entity/IsVisibleInMobileClient': yesNo('Visible in mobile client', 'any'),
  'EntityInfo/entity/IsReadOnlyInMobileClient': yesNo('Read-only in mobile client'),
  'EntityInfo/entity/IsKnowledgeManagementEnabled': yesNo('Knowledge management'),
  'EntityInfo/entity/IsSLAEnabled': yesNo('Service level agreements'),
  'EntityInfo/entity/IsInteractionCentricEnabled': yesNo('Interactive experience', 'any'),
  'EntityInfo/entity/IsOneNoteIntegrationEnabled': yesNo('OneNote integration'),
  'EntityInfo/entity/EnforceStateTransitions': yesNo('Status reason transitions'),
  'EntityInfo/entity/IsEnabledForExternalChannels': yesNo('External channels'),
  'EntityInfo/entity/IsMSTeamsIntegrationEnabled': yesNo('Microsoft Teams integration'),
  'EntityInfo/entity/IsSolutionAware': yesNo('Solution-aware'),
  'EntityInfo/entity/IsChildEntity': { ...yesNo('Is a child table', 'any') },
  'EntityInfo/entity/IsRenameable': managedProperty('Display name can be modified'),
  'EntityInfo/entity/IsMappable': managedProperty('Can be mapped'),
  'EntityInfo/entity/CanCreateAttributes': managedProperty('New columns can be created'),
  'EntityInfo/entity/CanCreateForms': managedProperty('New forms can be created'),
  'EntityInfo/entity/CanCreateCharts': managedProperty('New charts can be created'),
  'EntityInfo/entity/CanCreateViews': managedProperty('New views can be created'),
  'EntityInfo/entity/CanModifyAdditionalSettings': managedProperty('Can change additional properties'),
  'EntityInfo/entity/CanChangeHierarchicalRelationship': managedProperty(
    'Can change hierarchical relationship',
  ),
  'EntityInfo/entity/CanChangeTrackingBeEnabled': managedProperty('Change tracking can be enabled'),
  'EntityInfo/entity/CanEnableSyncToExternalSearchIndex': managedProperty('Can enable sync to search index'),
  'EntityInfo/entity/CanModifyAuditSettings': managedProperty('Can change auditing'),
  'EntityInfo/entity/CanModifyConnectionSettings': managedProperty('Can change connections'),
  'EntityInfo/entity/CanModifyDuplicateDetectionSettings': managedProperty('Can change duplicate detection'),
  'EntityInfo/entity/CanModifyMailMergeSettings': managedProperty('Can change mail merge'),
  'EntityInfo/entity/CanModifyQueueSettings': managedProperty('Can change queues'),
  'EntityInfo/entity/CanModifyMobileVisibility': managedProperty('Can change visibility in mobile client'),
  'EntityInfo/entity/CanModifyMobileClientVisibility': managedProperty(
    'Can change visibility in mobile client',
  ),
  'EntityInfo/entity/CanModifyMobileClientReadOnly': managedProperty('Can change read-only in mobile client'),
  'EntityInfo/entity/CanModifyMobileClientOffline': managedProperty('Can change offline in mobile client'),
}

/** Where the properties of a table stand. */
export const ENTITY = ['EntityInfo', 'entity'] as const

/** A shell is in the solution for its parts, and says nothing of itself. */
export function isShellTable(table: readonly Fact[]): boolean {
  const mask = rawAt(table, ...ENTITY, 'OwnershipTypeMask') ?? ''
  return mask === '' || mask === 'None'
}

/** A shell that becomes a whole table changed none of what it says from now on, nor did a table that becomes a shell. */
export function withInclusion(
  properties: readonly Property[],
  base: readonly Fact[],
  head: readonly Fact[],
): Property[] {
  const [before, after] = [isShellTable(base), isShellTable(head)]
  if (before === after) return [...properties]
  const path = ENTITY.join('/')
  const others = properties.filter(
    (property) =>
      !property.path.startsWith(path) ||
      (property.base !== null && property.head !== null && !property.path.endsWith('/OwnershipTypeMask')),
  )
  return [{ label: 'Included', path, base: inclusion(before), head: inclusion(after) }, ...others]
}

function inclusion(isShell: boolean): string {
  return isShell ? 'as a shell' : 'with its properties'
}

export const COLUMN_TYPES: Readonly<Record<string, string>> = {
  nvarchar: 'Text',
  ntext: 'Multiline text',
  int: 'Whole number',
  bigint: 'Big integer',
  decimal: 'Decimal',
  float: 'Float',
  money: 'Currency',
  datetime: 'Date and time',
  bit: 'Yes/No',
  picklist: 'Choice',
  multiselectpicklist: 'Choices',
  lookup: 'Lookup',
  customer: 'Customer',
  owner: 'Owner',
  partylist: 'Activity parties',
  image: 'Image',
  file: 'File',
  uniqueidentifier: 'Unique identifier',
  primarykey: 'Primary key',
  state: 'Status',
  status: 'Status reason',
  timestamp: 'Time stamp',
}

/** Rules for options, of a column's own choice and of a global one. */
const OPTION_RULES: XmlRules = {
  'options/option': { part: 'Option', by: ['@value'], named: 'labels' },
  'options/option/@value': ELSEWHERE,
  'options/option/@Color': 'Color',
  'options/option/@ExternalValue': 'External value',
  'options/option/@IsHidden': yesNo('Hidden'),
  'statuses/status': { part: 'Status reason', by: ['@value'], named: 'labels' },
  'statuses/status/@value': ELSEWHERE,
  'statuses/status/@state': 'Status',
  'statuses/status/@IsHidden': yesNo('Hidden'),
  'statuses/status/@Color': 'Color',
  'statuses/status/@TransitionData': 'Transitions',
  'states/state': { part: 'Status', by: ['@value'], named: 'labels' },
  'states/state/@value': ELSEWHERE,
  'states/state/@IsHidden': yesNo('Hidden'),
  'states/state/@defaultstatus': 'Default status reason',
  'states/state/@invariantname': 'Invariant name',
  options: { label: 'Options', order: 'Order of options' },
}

function below(prefix: string, rules: XmlRules): XmlRules {
  return Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${prefix}/${path}`, rule]))
}

const COLUMN_RULES: XmlRules = {
  '@PhysicalName': { label: 'Schema name' },
  // The logical name once more.
  Name: { label: 'Name', quiet: 'derived' },
  LogicalName: ELSEWHERE,
  Type: { label: 'Data type', values: COLUMN_TYPES },
  Format: 'Format',
  MaxLength: { label: 'Maximum character count' },
  // Twice the number of characters in 3,701 of 3,712 columns: bytes.
  Length: { label: 'Length in bytes', quiet: 'derived' },
  MinValue: 'Minimum value',
  MaxValue: 'Maximum value',
  Accuracy: 'Decimal places',
  AccuracySource: {
    label: 'Currency precision',
    values: { '0': 'Column', '1': 'Pricing decimal', '2': 'Currency' },
  },
  Behavior: {
    label: 'Time zone adjustment',
    values: { '1': 'User local', '2': 'Date only', '3': 'Time-zone independent' },
  },
  RequiredLevel: {
    label: 'Required',
    values: {
      none: 'Optional',
      recommended: 'Business recommended',
      required: 'Business required',
      systemrequired: 'System required',
    },
    silent: ['none'],
  },
  AppDefaultValue: { label: 'Default choice', silent: ['-1'] },
  OptionSetName: 'Sync with global choice',
  optionset: 'Choices',
  'optionset/@Name': { label: 'Name of the choice', quiet: 'derived' },
  'optionset/OptionSetType': { label: 'Type of the choice', quiet: 'derived' },
  ...below('optionset', OPTION_RULES),
  SourceType: {
    label: 'Behavior',
    values: { '0': 'Simple', '1': 'Calculated', '2': 'Rollup', '3': 'Formula' },
    silent: ['0'],
  },
  FormulaDefinitionFileName: 'Formula file',
  AutoNumberFormat: 'Autonumber format',
  LookupStyle: 'Lookup style',
  LookupTypes: ELSEWHERE,
  IsAuditEnabled: yesNo('Enable auditing'),
  IsSecured: yesNo('Enable column security'),
  DisplayMask: ELSEWHERE,
  IsSortableEnabled: yesNo('Sortable', 'any'),
  IsGlobalFilterEnabled: yesNo('Appears in global filter', 'any'),
  IsFilterable: yesNo('Filterable', 'any'),
  IsRetrievable: yesNo('Retrievable', 'any'),
  IsSearchable: yesNo('Searchable', 'any'),
  IsLocalizable: yesNo('Localizable', 'any'),
  ImeMode: { label: 'Input method editor (IME) mode', silent: ['auto'] },
  ValidForCreateApi: { label: 'Valid for create', quiet: 'derived' },
  ValidForReadApi: { label: 'Valid for read', quiet: 'derived' },
  ValidForUpdateApi: { label: 'Valid for update', quiet: 'derived' },
  IsCustomField: { label: 'Is a custom column', quiet: 'derived' },
  IsLogical: { label: 'Is logical', quiet: 'derived' },
  IsPKAttribute: { label: 'Is the primary key', quiet: 'derived' },
  IsDataSourceSecret: { label: 'Is a secret of the data source', quiet: 'derived' },
  CalculationOf: { label: 'Calculation of', quiet: 'derived' },
  AggregateOf: { label: 'Aggregate of', quiet: 'derived' },
  YomiOf: { label: 'Yomi of', quiet: 'derived' },
  IsRenameable: managedProperty('Display name can be modified'),
  CanModifySearchSettings: managedProperty('Can change search'),
  CanModifyRequirementLevelSettings: managedProperty('Can change requirement level'),
  CanModifyAdditionalSettings: managedProperty('Can change additional properties'),
  CanModifyGlobalFilterSettings: managedProperty('Can change global filter'),
  CanModifyIsSortableSettings: managedProperty('Can change sorting'),
  CanChangeDateTimeBehavior: managedProperty('Can change date and time behavior'),
}

/** What a column's mask says in the portal; the rest of it follows from other properties, such as from Required. */
const MASKS: Readonly<Record<string, string>> = {
  ValidForAdvancedFind: 'Searchable',
  ValidForForm: 'Valid for forms',
  ValidForGrid: 'Valid for views',
  PrimaryName: 'Primary column',
  PrimaryImage: 'Primary image',
}

export function columnFacts(column: XmlElement, language: string): Fact[] {
  const masks = column.element('DisplayMask')
  const targets = column.element('LookupTypes')
  return [
    ...xmlFacts(column, { rules: COLUMN_RULES, language }),
    ...(targets === undefined ? [] : [targetsFact(targets)]),
    ...(masks === undefined ? [] : maskFacts(masks.text)),
  ]
}

/** The tables of which a lookup takes rows; their order means nothing. */
function targetsFact(targets: XmlElement): Fact {
  const tables = targets.elements('LookupType').map(({ text }) => text.trim())
  return valueFact('LookupTypes', 'Related table', 'LookupTypes', tables.toSorted().join(','), {
    shown: tables.join(', '),
  })
}

function maskFacts(text: string): Fact[] {
  const masks = text.split('|').map((mask) => mask.trim())
  const known = Object.entries(MASKS).map(([mask, label]) => {
    const raw = masks.includes(mask) ? '1' : '0'
    return valueFact(mask, label, `DisplayMask/${mask}`, raw, { shown: YES_NO[raw], silent: ['0'] })
  })
  const rest = masks.filter((mask) => MASKS[mask] === undefined).toSorted()
  return [...known, valueFact('DisplayMask', 'Mask', 'DisplayMask', rest.join('|'), { quiet: 'derived' })]
}

export const KEY_RULES: XmlRules = {
  Name: ELSEWHERE,
  LogicalName: ELSEWHERE,
  EntityKeyAttributes: 'Columns',
  'EntityKeyAttributes/AttributeName': 'Column',
}

export const CHOICE_RULES: XmlRules = {
  '@Name': ELSEWHERE,
  '@localizedName': { label: 'Display name', echo: true },
  '@description': { label: 'Description', echo: true },
  OptionSetType: 'Type',
  IsGlobal: { label: 'Is global', quiet: 'derived' },
  ExternalTypeName: 'External type name',
  ...OPTION_RULES,
}

const CASCADE = {
  NoCascade: 'None',
  Cascade: 'All',
  Active: 'Active',
  UserOwned: 'User-owned',
  RemoveLink: 'Remove link',
  Restrict: 'Restrict',
}

export const RELATIONSHIP_RULES: XmlRules = {
  '@Name': ELSEWHERE,
  EntityRelationshipType: {
    label: 'Type',
    values: { OneToMany: 'One to many', ManyToMany: 'Many to many' },
  },
  ReferencedEntityName: 'Primary table',
  ReferencingEntityName: 'Related table',
  ReferencingAttributeName: 'Lookup column',
  FirstEntityName: 'First table',
  SecondEntityName: 'Second table',
  IntersectEntityName: 'Relationship table',
  IsHierarchical: yesNo('Hierarchical'),
  CascadeAssign: { label: 'Assign', values: CASCADE },
  CascadeDelete: { label: 'Delete', values: CASCADE },
  CascadeReparent: { label: 'Reparent', values: CASCADE },
  CascadeShare: { label: 'Share', values: CASCADE },
  CascadeUnshare: { label: 'Unshare', values: CASCADE },
  CascadeMerge: { label: 'Merge', values: CASCADE },
  CascadeRollupView: { label: 'Rollup view', values: CASCADE, silent: ['NoCascade'] },
  CascadeArchive: { label: 'Archive', values: CASCADE, silent: ['NoCascade', 'RemoveLink'] },
  IsValidForAdvancedFind: yesNo('Valid for advanced find', 'any'),
  RelationshipDescription: 'Description',
  'RelationshipDescription/Descriptions': 'Description',
  'EntityRelationshipRoles/EntityRelationshipRole': {
    part: 'Navigation of',
    by: ['RelationshipRoleType'],
    values: { '0': 'the related table', '1': 'the primary table' },
  },
  'EntityRelationshipRoles/EntityRelationshipRole/RelationshipRoleType': ELSEWHERE,
  'EntityRelationshipRoles/EntityRelationshipRole/NavPaneDisplayOption': 'Display option',
  'EntityRelationshipRoles/EntityRelationshipRole/NavPaneArea': 'Display area',
  'EntityRelationshipRoles/EntityRelationshipRole/NavPaneOrder': 'Display order',
  'EntityRelationshipRoles/EntityRelationshipRole/CustomLabels': 'Custom label',
}
