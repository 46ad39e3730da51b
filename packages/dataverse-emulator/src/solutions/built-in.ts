import { UserError } from '@dsa/user-error'
import { asText } from '../store/value.ts'
import { isoSeconds } from '../clock.ts'
import type { Application, Person } from '../entra/directory.ts'
import type { Environment } from '../environment.ts'
import { ROLES } from '../security/privileges.ts'
import { stableGuid } from '../stable-id.ts'
import { newRow, storeRow, type Actor } from './solution-row.ts'

const MICROSOFT = 'd21aab70-79e7-11dd-8874-00188b01e34f'
const DEFAULT_PUBLISHER = 'd21aab71-79e7-11dd-8874-00188b01e34f'
const CDS_PUBLISHER = '00000001-0000-0000-0000-00000000005a'

/** The solutions that every environment has, by their well-known ids. */
const SOLUTIONS = [
  {
    solutionid: 'fd140aaf-4df4-11dd-bd17-0019b9312238',
    uniquename: 'Default',
    friendlyname: 'Default Solution',
    version: '1.0',
    publisherid: DEFAULT_PUBLISHER,
    isvisible: true,
  },
  {
    solutionid: 'fd140aae-4df4-11dd-bd17-0019b9312238',
    uniquename: 'Active',
    friendlyname: 'Active Solution',
    version: '1.0',
    publisherid: MICROSOFT,
    isvisible: false,
  },
  {
    solutionid: 'fd140aad-4df4-11dd-bd17-0019b9312238',
    uniquename: 'System',
    friendlyname: 'System Solution',
    version: '5.0',
    publisherid: MICROSOFT,
    isvisible: false,
  },
  {
    solutionid: '25a01723-9f63-4449-a3e0-046cc23a2902',
    uniquename: 'Basic',
    friendlyname: 'Basic Solution',
    version: '1.0',
    publisherid: MICROSOFT,
    isvisible: false,
  },
] as const

/** The user in whose name the platform itself acts. */
function systemUserId(environment: Environment): string {
  return stableGuid('SYSTEM', environment.organizationId)
}

/** The platform as the one who acts: for seeds and built-in rows. */
export function platformActor(environment: Environment): Actor {
  return { environment, user: { systemuserid: systemUserId(environment) }, now: environment.clock.now() }
}

/**
 * Fills a new environment with what every environment has.
 * @param ownRoles security roles that somebody made there, with the names of their privileges
 */
export function seedBuiltIns(
  environment: Environment,
  ownRoles: Readonly<Record<string, readonly string[]>> = {},
): void {
  const actor = platformActor(environment)
  const put = (table: string, values: Parameters<typeof newRow>[2]) =>
    storeRow(environment, table, newRow(actor, table, values))
  const { organizationId, businessUnitId, name } = environment
  put('organization', { organizationid: organizationId, name })
  put('businessunit', { businessunitid: businessUnitId, name })
  put('team', {
    teamid: stableGuid('team', organizationId),
    name,
    isdefault: true,
    businessunitid: businessUnitId,
  })
  put('systemuser', {
    systemuserid: systemUserId(environment),
    fullname: 'SYSTEM',
    domainname: '',
    accessmode: 2,
    businessunitid: businessUnitId,
    organizationid: organizationId,
  })
  for (const [role, privileges] of Object.entries({ ...ownRoles, ...ROLES })) {
    put('role', {
      roleid: roleId(environment, role),
      name: role,
      businessunitid: businessUnitId,
      organizationid: organizationId,
      ismanaged: role in ROLES,
      '(privileges)': privileges,
    })
  }
  put('publisher', {
    publisherid: MICROSOFT,
    uniquename: 'MicrosoftCorporation',
    friendlyname: 'MicrosoftCorporation',
    description: 'Microsoft',
    customizationprefix: '',
    customizationoptionvalueprefix: 0,
  })
  put('publisher', {
    publisherid: DEFAULT_PUBLISHER,
    uniquename: `DefaultPublisher${name}`,
    friendlyname: `Default Publisher for ${name}`,
    customizationprefix: 'new',
    customizationoptionvalueprefix: 10_000,
  })
  put('publisher', {
    publisherid: CDS_PUBLISHER,
    uniquename: `Cr${organizationId.slice(0, 5)}`,
    friendlyname: 'CDS Default Publisher',
    customizationprefix: `cr${organizationId.slice(0, 3)}`,
    customizationoptionvalueprefix: 84_241,
  })
  const installedon = isoSeconds(actor.now)
  for (const solution of SOLUTIONS) put('solution', { ...solution, installedon })
  put('solution', {
    solutionid: '00000001-0000-0000-0001-00000000009b',
    uniquename: `Cr${organizationId.slice(0, 5)}`,
    friendlyname: 'Common Data Services Default Solution',
    version: '1.0.0.0',
    publisherid: CDS_PUBLISHER,
    installedon,
  })
}

function roleId(environment: Environment, role: string): string {
  return stableGuid('role', environment.organizationId, role)
}

/** Makes an application a user of the environment, with the named roles. */
export function addApplicationUser(
  environment: Environment,
  application: Application,
  roles: readonly string[],
): void {
  addUser(environment, stableGuid('user', environment.organizationId, application.appId), roles, {
    fullname: `# ${application.name}`,
    domainname: application.appId,
    applicationid: application.appId,
    azureactivedirectoryobjectid: application.objectId,
  })
}

export function addPersonUser(environment: Environment, person: Person, roles: readonly string[]): void {
  addUser(environment, stableGuid('user', environment.organizationId, person.userName), roles, {
    fullname: person.userName,
    domainname: person.userName,
    internalemailaddress: person.userName,
    azureactivedirectoryobjectid: person.objectId,
    accessmode: 0,
    islicensed: true,
  })
}

function addUser(
  environment: Environment,
  id: string,
  roles: readonly string[],
  values: Parameters<typeof newRow>[2],
): void {
  const actor = platformActor(environment)
  storeRow(
    environment,
    'systemuser',
    newRow(actor, 'systemuser', {
      ...values,
      systemuserid: id,
      businessunitid: environment.businessUnitId,
      organizationid: environment.organizationId,
    }),
  )
  for (const name of roles) {
    const role = environment.store.find('role', (row) => row['name'] === name)
    if (role === undefined) {
      const known = environment.store.rows('role').map((row) => asText(row['name']))
      throw new UserError(
        `The environment '${environment.name}' has no security role '${name}'. Roles: ${known.join(', ')}.`,
      )
    }
    const roleid = asText(role['roleid'])
    environment.store.put('systemuserroles', `${id}/${roleid}`, {
      systemuserroleid: stableGuid('systemuserrole', id, roleid),
      systemuserid: id,
      roleid,
      versionnumber: environment.store.nextVersion(),
    })
  }
}
