import { PLATFORM_VERSION } from '../solutions/dependencies/platform.ts'
import { asText, text } from '../store/value.ts'
import type { EnvironmentKind } from '../environment.ts'
import type { Call } from '../odata/call.ts'
import { stableGuid } from '../stable-id.ts'
import { isHeld, rolePrivileges, PRIVILEGES } from '../security/privileges.ts'

import { required, type Operation } from './operation.ts'

/** Members of OrganizationType by kind of environment; enums travel by name. */
const ORGANIZATION_TYPES: Readonly<Record<EnvironmentKind, string>> = {
  production: 'Customer',
  sandbox: 'CustomerTest',
  developer: 'Developer',
  default: 'Default',
  trial: 'Trial',
  teams: 'Teams',
}

const INSTANCE_TYPES: Readonly<Record<EnvironmentKind, string>> = { ...ORGANIZATION_TYPES }

function environmentId(call: Call): string {
  return stableGuid('environment', call.environment.organizationId)
}

function endpoints({ environment }: Call): object {
  const entries = {
    WebApplication: `${environment.origin}/`,
    OrganizationService: `${environment.origin}/XRMServices/2011/Organization.svc`,
    OrganizationDataService: `${environment.origin}/XRMServices/2011/OrganizationData.svc`,
  }
  return { Count: 3, IsReadOnly: false, Keys: Object.keys(entries), Values: Object.values(entries) }
}

/** Privileges of a user: every known one for an administrator. */
function userPrivileges(userId: string, call: Call): readonly object[] {
  const held = rolePrivileges(call, userId)
  const names = held.has('*')
    ? PRIVILEGES
    : [...held].flatMap((name) =>
        name.endsWith('*') ? PRIVILEGES.filter((item) => item.startsWith(name.slice(0, -1))) : [name],
      )
  return [...new Set(names)].map((name) => rolePrivilege(name, call))
}

function rolePrivilege(name: string, call: Call): object {
  return {
    Depth: 'Global',
    PrivilegeId: stableGuid('privilege', name.toLowerCase()),
    BusinessUnitId: call.environment.businessUnitId,
    PrivilegeName: name,
    RecordFilterId: '00000000-0000-0000-0000-000000000000',
    RecordFilterUniqueName: '',
  }
}

export const IDENTITY_OPERATIONS: readonly Operation[] = [
  {
    name: 'WhoAmI',
    kind: 'function',
    parameters: [],
    returns: 'WhoAmIResponse',
    handle: (_, { environment, user }) => ({
      BusinessUnitId: environment.businessUnitId,
      UserId: user['systemuserid'],
      OrganizationId: environment.organizationId,
    }),
  },
  {
    name: 'RetrieveVersion',
    kind: 'function',
    parameters: [],
    returns: 'RetrieveVersionResponse',
    handle: () => ({ Version: PLATFORM_VERSION }),
  },
  {
    name: 'RetrieveCurrentOrganization',
    kind: 'function',
    parameters: [required('AccessType', 'enum.EndpointAccessType')],
    returns: 'RetrieveCurrentOrganizationResponse',
    handle: (_, call) => ({
      Detail: {
        OrganizationId: call.environment.organizationId,
        FriendlyName: call.environment.name,
        OrganizationVersion: PLATFORM_VERSION,
        EnvironmentId: environmentId(call),
        DatacenterId: stableGuid('datacenter'),
        Geo: 'EMEA',
        TenantId: call.environment.tenantId,
        UrlName: call.environment.name,
        UniqueName: `unq${call.environment.organizationId.replaceAll('-', '').slice(0, 21)}`,
        State: 'Enabled',
        SchemaType: 'Standard',
        OrganizationType: ORGANIZATION_TYPES[call.environment.kind],
        Endpoints: endpoints(call),
      },
    }),
  },
  {
    name: 'RetrieveOrganizationInfo',
    kind: 'function',
    parameters: [],
    returns: 'RetrieveOrganizationInfoResponse',
    // The member is in lower case on the wire.
    handle: (_, { environment }) => ({
      organizationInfo: {
        InstanceType: INSTANCE_TYPES[environment.kind],
        Solutions: environment.store
          .filter('solution', (row) => row['isvisible'] === true)
          .map((row) => ({
            Id: row['solutionid'],
            SolutionUniqueName: row['uniquename'],
            FriendlyName: row['friendlyname'],
            VersionNumber: row['version'],
            PublisherUniqueName: text(
              environment.store.get('publisher', text(row, 'publisherid')),
              'uniquename',
            ),
          })),
      },
    }),
  },
  {
    name: 'RetrieveUserPrivileges',
    kind: 'function',
    boundTo: 'systemuser',
    parameters: [],
    returns: 'RetrieveUserPrivilegesResponse',
    handle: (_, call, bound) => ({ RolePrivileges: userPrivileges(text(bound, 'systemuserid'), call) }),
  },
  {
    name: 'RetrieveUserPrivilegeByPrivilegeName',
    kind: 'function',
    boundTo: 'systemuser',
    parameters: [required('PrivilegeName', 'Edm.String')],
    returns: 'RetrieveUserPrivilegeByPrivilegeNameResponse',
    handle: (input, call, bound) => ({
      RolePrivileges: userPrivileges(text(bound, 'systemuserid'), call).filter((item) =>
        JSON.stringify(item)
          .toLowerCase()
          .includes(`"${asText(input['PrivilegeName']).toLowerCase()}"`),
      ),
    }),
  },
  {
    name: 'RetrieveUserSetOfPrivilegesByNames',
    kind: 'function',
    boundTo: 'systemuser',
    parameters: [required('PrivilegeNames', 'Collection(Edm.String)')],
    returns: 'RetrieveUserSetOfPrivilegesByNamesResponse',
    handle(input, call, bound) {
      const held = rolePrivileges(call, text(bound, 'systemuserid'))
      const asked: readonly unknown[] = Array.isArray(input['PrivilegeNames']) ? input['PrivilegeNames'] : []
      const names = asked.filter((name) => typeof name === 'string')
      return {
        RolePrivileges: names.filter((name) => isHeld(held, name)).map((name) => rolePrivilege(name, call)),
      }
    },
  },
  {
    name: 'RetrieveProvisionedLanguages',
    kind: 'function',
    parameters: [],
    returns: 'RetrieveProvisionedLanguagesResponse',
    handle: () => ({ RetrieveProvisionedLanguages: [1033] }),
  },
]
