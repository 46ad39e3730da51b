import type { XmlElement } from '../../xml/index.ts'
import type { Fact } from '../facts/fact.ts'
import type { Privilege } from '../report.ts'
import { ELSEWHERE, untoldFact, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'

const ROLE_RULES: XmlRules = {
  '@id': ELSEWHERE,
  '@name': { label: 'Name' },
  '@isinherited': {
    label: "Member's privilege inheritance",
    values: { '0': 'Team privileges only', '1': 'Direct user and team privileges' },
    silent: ['1'],
  },
  IsAutoAssigned: { label: 'Assigned to new users', silent: ['0'] },
  RolePrivileges: ELSEWHERE,
}

/** How far a privilege reaches, from least to most. */
export const LEVELS: Readonly<Record<string, string>> = {
  Basic: 'User',
  Local: 'Business unit',
  Deep: 'Parent: child business units',
  Global: 'Organization',
}

const VERBS: Readonly<Record<string, string>> = {
  AppendTo: 'Append to',
  Append: 'Append',
  Assign: 'Assign',
  Create: 'Create',
  Delete: 'Delete',
  Read: 'Read',
  Share: 'Share',
  Write: 'Write',
}

/** A privilege by its verb and table, such as `prvAppendTolin_Order`; one without a table has the whole name as verb. */
export function privilegeOf(name: string): { readonly verb: string; readonly table: string } {
  const plain = name.replace(/^prv/i, '')
  const verb = Object.keys(VERBS).find(
    (candidate) => plain.startsWith(candidate) && plain.length > candidate.length,
  )
  return verb === undefined
    ? { verb: plain, table: '' }
    : { verb: VERBS[verb] ?? verb, table: plain.slice(verb.length) }
}

/** A role: its settings, and each privilege with how far it reaches. */
export function roleFacts(role: XmlElement, language: string): Fact[] {
  const lists = role.elements('RolePrivileges')
  const listed = lists.flatMap((list) => list.elements('RolePrivilege'))
  const privileges = listed.map((privilege): Fact => {
    const name = privilege.attribute('name') ?? ''
    const level = privilege.attribute('level') ?? ''
    const { verb, table } = privilegeOf(name)
    return {
      key: name.toLowerCase(),
      label: table === '' ? verb : `${table} · ${verb}`,
      path: `RolePrivileges/RolePrivilege[${name}]`,
      raw: level,
      shown: LEVELS[level] ?? level,
    }
  })
  return [
    ...xmlFacts(role, { rules: ROLE_RULES, language }),
    untoldFact('Privileges', 'RolePrivileges', [...lists, ...listed], ['RolePrivilege', '@name', '@level']),
    { key: 'privileges', label: 'Privileges', path: 'RolePrivileges', facts: privileges },
  ]
}

/**
 * The privileges on each table of which one differs, by table and verb.
 *
 * @param nameOf what people call a table, by its logical name
 */
export function privilegesAround(
  base: readonly Fact[],
  head: readonly Fact[],
  nameOf: (table: string) => string,
): Privilege[] {
  const [before, after] = [base, head].map(
    (facts) =>
      new Map(
        facts.find(({ key }) => key === 'privileges')?.facts?.map((fact) => [fact.path, fact.shown ?? '']),
      ),
  )
  const all = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].flatMap((path) => {
    const { verb, table } = privilegeOf(/\[(.*)\]$/.exec(path)?.[1] ?? '')
    if (table === '') return []
    return [{ table, verb, path, base: before?.get(path) ?? null, head: after?.get(path) ?? null }]
  })
  const differing = new Set(
    all.flatMap((item) => (item.base === item.head ? [] : [item.table.toLowerCase()])),
  )
  return all
    .filter(({ table }) => differing.has(table.toLowerCase()))
    .toSorted((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : a.verb < b.verb ? -1 : 1))
    .map((item) => ({ ...item, table: nameOf(item.table) }))
}

const ALLOWED = { '0': 'Not allowed', '4': 'Allowed' }

export const PROFILE_RULES: XmlRules = {
  '@fieldsecurityprofileid': ELSEWHERE,
  '@name': 'Name',
  '@description': 'Description',
  'FieldPermissions/FieldPermission': { part: 'Column', by: ['EntityName', 'AttributeName'] },
  'FieldPermissions/FieldPermission/EntityName': ELSEWHERE,
  'FieldPermissions/FieldPermission/AttributeName': ELSEWHERE,
  'FieldPermissions/FieldPermission/CanRead': { label: 'Read', values: ALLOWED },
  'FieldPermissions/FieldPermission/CanCreate': { label: 'Create', values: ALLOWED },
  'FieldPermissions/FieldPermission/CanUpdate': { label: 'Update', values: ALLOWED },
  'FieldPermissions/FieldPermission/CanReadUnmasked': {
    label: 'Read unmasked',
    values: { '0': 'Not allowed', '1': 'One record', '3': 'All records' },
    silent: ['0'],
  },
}
