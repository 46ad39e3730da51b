import type { XmlElement } from '@dsa/solution-package'
import { labelIn, numberIn, stated, stringId, textIn, type ComponentKind } from './component-kind.ts'

const ATTRIBUTE: ComponentKind = {
  type: 2,
  name: 'Attribute',
  path: ['EntityInfo', 'entity', 'attributes', 'attribute'],
  result: ['entities', 'attribute'],
  read: (element) => ({
    name:
      textIn(element, 'LogicalName') ??
      textIn(element, 'Name') ??
      element.attribute('PhysicalName')?.toLowerCase() ??
      '',
    ...(labelIn(element, 'displaynames', 'displayname') === undefined
      ? {}
      : { displayName: labelIn(element, 'displaynames', 'displayname') ?? '' }),
    row: stated({
      type: textIn(element, 'Type'),
      physicalname: element.attribute('PhysicalName'),
      maxlength: numberIn(element, 'Length') ?? numberIn(element, 'MaxLength'),
      optionset: textIn(element, 'OptionSetName'),
      options: optionsIn(element),
      isprimaryname: (textIn(element, 'DisplayMask') ?? '').includes('PrimaryName'),
    }),
  }),
}

const FORM: ComponentKind = {
  type: 60,
  name: 'SystemForm',
  path: ['FormXml', 'forms', 'systemform'],
  byId: true,
  table: 'systemform',
  merges: true,
  result: ['entities', 'form'],
  read: (element) => ({
    ...stringId(textIn(element, 'formid')),
    name: labelIn(element) ?? textIn(element, 'formid') ?? '',
    row: stated({
      formid: textIn(element, 'formid'),
      name: labelIn(element),
      type: 2,
      formactivationstate: numberIn(element, 'FormActivationState'),
    }),
  }),
}

const VIEW: ComponentKind = {
  type: 26,
  name: 'SavedQuery',
  path: ['SavedQueries', 'savedqueries', 'savedquery'],
  byId: true,
  table: 'savedquery',
  result: ['entities', 'view'],
  read: (element) => ({
    ...stringId(textIn(element, 'savedqueryid')),
    name: labelIn(element) ?? '',
    row: stated({
      name: labelIn(element),
      querytype: numberIn(element, 'querytype'),
      isdefault: textIn(element, 'isdefault') === '1',
    }),
  }),
}

const CHART: ComponentKind = {
  type: 59,
  name: 'SavedQueryVisualization',
  path: ['Visualizations', 'visualization'],
  byId: true,
  result: ['entities', 'visualization'],
  read: (element) => ({
    ...stringId(textIn(element, 'savedqueryvisualizationid')),
    name: labelIn(element) ?? textIn(element, 'name') ?? '',
  }),
}

const ENTITY_KEY: ComponentKind = {
  type: 14,
  name: 'EntityKey',
  path: ['EntityInfo', 'entity', 'EntityKeys', 'EntityKey'],
  result: ['entities', 'key'],
  read: (element) => ({ name: element.attribute('Name') ?? textIn(element, 'LogicalName') ?? '' }),
}

function optionsIn(element: XmlElement): Record<string, string> | undefined {
  const list = element.element('optionset')?.element('options') ?? element.element('options')
  if (list === undefined) return undefined
  const entries = ['option', 'state', 'status'].flatMap((name) => list.elements(name))
  return Object.fromEntries(
    entries.map((option) => [option.attribute('value') ?? '', labelIn(option, 'labels', 'label') ?? '']),
  )
}

/** Tables with all that belongs to them, choices and relationships. */
export const TABLE_KINDS: readonly ComponentKind[] = [
  {
    type: 9,
    name: 'OptionSet',
    path: ['optionsets', 'optionset'],
    result: ['optionSets', 'optionSet'],
    read: (element) => ({
      name: element.attribute('Name') ?? '',
      displayName:
        element.attribute('localizedName') ?? labelIn(element, 'displaynames', 'displayname') ?? '',
      row: stated({ options: optionsIn(element) }),
    }),
  },
  {
    type: 1,
    name: 'Entity',
    path: ['Entities', 'Entity'],
    result: ['entities', 'entity'],
    read(element) {
      const info = element.element('EntityInfo')?.element('entity')
      const name = element.element('Name')
      return {
        name: name?.text ?? '',
        displayName:
          (info === undefined ? undefined : labelIn(info)) ?? name?.attribute('LocalizedName') ?? '',
        row: stated({
          schemaname: name?.text,
          entitysetname: info === undefined ? undefined : textIn(info, 'EntitySetName'),
          objecttypecode: numberIn(element, 'ObjectTypeCode'),
          isdefined: info !== undefined,
        }),
      }
    },
    children: [ATTRIBUTE, ENTITY_KEY, FORM, VIEW, CHART],
  },
  {
    type: 10,
    name: 'EntityRelationship',
    path: ['EntityRelationships', 'EntityRelationship'],
    result: ['entityrelationships', 'entityrelationship'],
    read(element) {
      const roles = element.element('EntityRelationshipRoles')?.elements('EntityRelationshipRole') ?? []
      const navigation = (type: string) => {
        const role = roles.find((item) => textIn(item, 'RelationshipRoleType') === type)
        return role === undefined ? undefined : textIn(role, 'NavigationPropertyName')
      }
      return {
        name: element.attribute('Name') ?? '',
        row: stated({
          relationshiptype: textIn(element, 'EntityRelationshipType'),
          referencingentity: textIn(element, 'ReferencingEntityName')?.toLowerCase(),
          referencedentity: textIn(element, 'ReferencedEntityName')?.toLowerCase(),
          referencingattribute: textIn(element, 'ReferencingAttributeName')?.toLowerCase(),
          referencingnavigation: navigation('1'),
          referencednavigation: navigation('0'),
        }),
      }
    },
  },
]
