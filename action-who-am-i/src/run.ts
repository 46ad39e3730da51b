import type { Outputs } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  diagnoseSignIn,
  type LackingRights,
  lackingRights,
  RIGHTS_OF,
  type SignInDiagnosis,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  listBoundReferences,
  listLanguages,
  retrieveCurrentOrganization,
  retrieveUserRoles,
  standing,
  unfinishedOperations,
  whoAmI,
} from '@dsa/dataverse-client'
import { listed, quotedList, UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'
import { remedies, type Situation } from './remedies.ts'
import { type Finding, STEPS, tell } from './report.ts'

/** Signs in step by step, looks at what the user is and may do, and fails when anything of it does not suffice. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const diagnosis = await diagnoseSignIn(inputs.connection, deps)
  const situation = situationOf(inputs, diagnosis)
  const findings: Finding[] = diagnosis.steps.map(({ name, facts, failure }) => ({
    step: STEPS[name],
    facts,
    ...(failure && {
      failure: { message: failure.message, remedies: remedies(name, failure.code, situation) },
    }),
  }))
  deps.setOutput('tenant-id', diagnosis.tenantOfEnvironment)
  const outputs =
    diagnosis.client === undefined
      ? {}
      : await look(diagnosis.client, inputs.verbs, situation, attemptsOf(findings, deps.signal))
  tell(findings, situation.environmentUrl, deps)
  const failed = findings.filter(({ failure }) => failure !== undefined)
  if (failed.length > 0) {
    for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
    throw new UserError(
      failed
        .map(({ step, failure }) =>
          [`${step}: ${failure?.message}`, ...(failure?.remedies ?? []).map((line) => `  ${line}`)].join(
            '\n',
          ),
        )
        .join('\n'),
    )
  }
  return outputs
}

function situationOf(
  { connection }: Inputs,
  { steps, tenantOfEnvironment, presented }: SignInDiagnosis,
): Situation {
  const { appId, managedIdentityClientId, userName } = connection
  const address = steps.flatMap(({ facts }) => facts).find(([name]) => name === 'Address')
  return {
    environmentUrl: address?.[1] ?? 'https://contoso.crm4.dynamics.com',
    // They become parts of commands, so what no id looks like does not get there.
    appId:
      [appId, managedIdentityClientId, userName].find((id) => id !== undefined && /^[\w.@-]+$/.test(id)) ??
      'APP_ID',
    tenantOfEnvironment,
    presented,
    lacking: [],
  }
}

/** Reads one thing and keeps what was found. What may not be read is said, and stops nothing. */
type Attempt = <T>(
  step: string,
  read: () => Promise<T>,
  factsOf: (found: T) => Finding['facts'],
  failureOf?: (found: T) => Finding['failure'],
) => Promise<T | undefined>

function attemptsOf(findings: Finding[], signal: AbortSignal): Attempt {
  return async (step, read, factsOf, failureOf) => {
    try {
      const found = await read()
      const failure = failureOf?.(found)
      findings.push({ step, facts: factsOf(found), ...(failure && { failure }) })
      return found
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error
      findings.push({ step, facts: [['Not readable:', error.message]] })
      return undefined
    }
  }
}

/** What the user who signed in meets in the environment. */
async function look(
  client: DataverseClient,
  verbs: Inputs['verbs'],
  situation: Situation,
  attempt: Attempt,
): Promise<Outputs> {
  const { userId, businessUnitId, organizationId } = await whoAmI(client)
  const user = await attempt(
    'Roles',
    () => retrieveUserRoles(client, userId),
    ({ userName, roles }) => [
      ['User', userName],
      [
        'Security roles',
        roles.length === 0 ? 'none of its own; those of its teams count as well' : listed(roles),
      ],
    ],
  )
  const missing = verbs.length === 0 ? [] : await missingRights(client, verbs, situation, attempt)
  const organization = await attempt(
    'Environment',
    () => retrieveCurrentOrganization(client),
    (found) => [
      ['Name', found.friendlyName],
      ['Kind', found.kind],
      ['Dataverse', found.version],
      ['Environment id', found.environmentId],
    ],
  )
  const languages = await attempt(
    'Languages',
    () => listLanguages(client),
    (found) => [['Enabled', found.join(', ')]],
  )
  const running = await attempt(
    'Running operations',
    () => unfinishedOperations(client),
    (found) => [['Solution operations', operationWords(found)]],
  )
  const connections = await attempt(
    'Connections',
    () => listBoundReferences(client),
    (found) => [
      [
        'Connection references with a connection',
        quotedList(found.map(({ logicalName }) => logicalName)) || 'none',
      ],
    ],
  )
  return {
    'environment-id': organization?.environmentId,
    'environment-url': client.environmentUrl,
    'environment-name': organization?.friendlyName,
    'environment-kind': organization?.kind,
    'organization-id': organizationId,
    'user-id': userId,
    'user-name': user?.userName,
    'business-unit-id': businessUnitId,
    roles: user?.roles.join(','),
    'missing-privileges': missing.join(','),
    version: organization?.version,
    languages: languages?.join(','),
    'running-operations': running?.length,
    connections: connections?.length,
  }
}

function operationWords(found: Awaited<ReturnType<typeof unfinishedOperations>>): string {
  if (found === undefined) return 'may not be read'
  return found.length === 0 ? 'none' : found.map((one) => standing(one)).join(' ')
}

/** @returns the names of the privileges that the verbs need for certain and the user lacks */
async function missingRights(
  client: DataverseClient,
  verbs: Inputs['verbs'],
  situation: Situation,
  attempt: Attempt,
): Promise<readonly string[]> {
  const needed = new Map(verbs.flatMap((verb) => RIGHTS_OF[verb]).map((right) => [right.name, right]))
  const found = await attempt(
    'Privileges',
    () => lackingRights(client, [...needed.values()], listed(verbs)),
    ({ lacking }) => [
      ['For', listed(verbs)],
      ['Missing', lacking.map(({ name }) => name).join(', ') || 'none'],
    ],
    (rights) =>
      rights.errors.length === 0
        ? undefined
        : {
            message: rights.errors.join(' '),
            remedies: remedies('privileges', '', { ...situation, lacking: certain(rights) }),
          },
  )
  return found === undefined ? [] : certain(found)
}

function certain({ lacking }: LackingRights): readonly string[] {
  return lacking.filter(({ isCertain }) => isCertain).map(({ name }) => name)
}
