import { asText } from '../store/value.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import type { Table } from '../tables/table.ts'

/** What the built-in roles may do; `*` is everything. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  'System Administrator': ['*'],
  'System Customizer': ['*'],
  'Environment Maker': [
    'prvRead*',
    'prvCreateSolution',
    'prvWriteSolution',
    'prvExportCustomization',
    'prvCreateWorkflow',
    'prvWriteWorkflow',
  ],
  'Basic User': [
    'prvRead*',
    'prvCreateAccount',
    'prvWriteAccount',
    'prvDeleteAccount',
    'prvCreateContact',
    'prvWriteContact',
    'prvDeleteContact',
  ],
}

/** Privileges that the built-in operations and tables ask for; `RetrieveUserPrivileges` lists them for `*`. */
export const PRIVILEGES: readonly string[] = [
  'prvImportCustomization',
  'prvExportCustomization',
  'prvPublishCustomization',
  'prvCreateCustomization',
  'prvReadCustomization',
  'prvWriteCustomization',
  'prvCreateSolution',
  'prvReadSolution',
  'prvWriteSolution',
  'prvDeleteSolution',
  'prvCreatePublisher',
  'prvReadPublisher',
  'prvWritePublisher',
  'prvReadAsyncOperation',
  'prvReadWorkflow',
  'prvCreateWorkflow',
  'prvWriteWorkflow',
  'prvActivateBusinessRule',
  'prvReadEntity',
  'prvCreateEntity',
  'prvDeleteEntity',
  'prvCreateOptionSet',
  'prvCreateWebResource',
  'prvCreateCustomControl',
  'prvReadRole',
  'prvReadUser',
  'prvCreateEnvironmentVariableDefinition',
  'prvWriteEnvironmentVariableValue',
  'prvReadConnectionReference',
  'prvWriteConnectionReference',
]

/**
 * Refuses what the asker's roles do not allow: a named privilege, or a verb on a table.
 * @throws ApiError 403 `0x80040220`
 */
export function checkPrivilege(call: Call, privilege: string, table?: Table): void {
  const name = table === undefined ? privilege : `prv${privilege}${table.logicalName}`
  const held = rolePrivileges(call, asText(call.user['systemuserid']))
  if (isHeld(held, name)) return
  const roles = call.environment.store.filter(
    'systemuserroles',
    (row) => row['systemuserid'] === call.user['systemuserid'],
  ).length
  throw refuse(
    'privilege',
    asText(call.user['systemuserid']),
    roles,
    held.size,
    name,
    String(table?.objectTypeCode ?? 0),
    table?.logicalName ?? '',
  )
}

/** Whether privileges, of which `prvRead*` stands for many, have one of that name. */
export function isHeld(held: ReadonlySet<string>, name: string): boolean {
  const wanted = name.toLowerCase()
  return [...held].some((item) => {
    const own = item.toLowerCase()
    return own.endsWith('*') ? wanted.startsWith(own.slice(0, -1)) : own === wanted
  })
}

/** The privileges of a user's roles; `*` stands for all. */
export function rolePrivileges(call: Pick<Call, 'environment'>, userId: string): ReadonlySet<string> {
  const { store } = call.environment
  const held = new Set<string>()
  for (const link of store.filter('systemuserroles', (row) => row['systemuserid'] === userId)) {
    const role = store.get('role', asText(link['roleid']))
    const given = role?.['(privileges)']
    if (Array.isArray(given)) for (const item of given) if (typeof item === 'string') held.add(item)
  }
  return held
}
