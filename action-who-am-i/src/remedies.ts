import type { PresentedClaims, SignInStepName } from '@dsa/connected-action'

/** What commands and menu paths are filled with. */
export interface Situation {
  readonly environmentUrl: string
  readonly appId: string
  readonly tenantOfEnvironment: string | undefined
  readonly presented: PresentedClaims | undefined
  readonly lacking: readonly string[]
}

/** Each line is a command, or a menu path with ` > ` between its parts. */
type Remedy = (situation: Situation) => readonly string[]

const ADMIN = 'Power Platform admin center > Manage > Environments > the environment'
const USERS = `${ADMIN} > Settings > Users + permissions > Application users`

/** `NAME` is the GitHub environment of the job, which actions are not told. */
function setVariable(name: string, value: string): string {
  return `gh variable set ${name} --env NAME --body '${value}'`
}

function newSecret({ appId }: Situation): readonly string[] {
  return [
    `az ad app credential reset --id ${appId} --append --query password --output tsv | gh secret set DATAVERSE_CLIENT_SECRET --env NAME`,
    'Microsoft Entra admin center > App registrations > the application > Certificates & secrets > New client secret (copy the value, not the secret ID)',
  ]
}

/** One credential for just what GitHub presents, and the list of those that are there. */
function newCredential({ appId, presented }: Situation): readonly string[] {
  return [
    ...(presented === undefined ? [] : [presented.createCommand]),
    `az ad app federated-credential list --id ${appId} --output table`,
  ]
}

function rightTenant({ tenantOfEnvironment, environmentUrl }: Situation): readonly string[] {
  return [
    tenantOfEnvironment === undefined
      ? `curl -sI ${environmentUrl}/api/data/v9.2/WhoAmI | grep -i www-authenticate`
      : setVariable('DATAVERSE_TENANT_ID', tenantOfEnvironment),
  ]
}

function rightAddress(): readonly string[] {
  return [
    'pac admin list',
    `${ADMIN} > Environment URL`,
    setVariable('DATAVERSE_URL', 'https://contoso.crm4.dynamics.com'),
  ]
}

function givenRole({ environmentUrl, appId }: Situation): readonly string[] {
  return [
    `pac admin assign-user --environment ${environmentUrl} --user ${appId} --role 'System Customizer' --application-user`,
    `${USERS} > the application > Edit security roles > System Customizer`,
  ]
}

function rightUser(): readonly string[] {
  return [
    'gh secret set DATAVERSE_PASSWORD --env NAME',
    'Microsoft 365 admin center > Users > Active users > the user > Reset password',
  ]
}

/** By the code of the refusal: AADSTS numbers of Entra, codes of Dataverse, names of the network. */
const BY_CODE: Readonly<Record<string, Remedy>> = {
  'no-id-token': () => ['In the job of the workflow: permissions: { id-token: write, contents: read }'],
  '700213': newCredential,
  '7002131': newCredential,
  '70021': newCredential,
  '700211': newCredential,
  '700212': (situation) => [
    ...newCredential(situation),
    "In the step: the input 'cloud' chooses the audience; Public, UsGov, UsGovHigh, UsGovDod or China",
  ],
  '7000215': newSecret,
  '7000222': newSecret,
  '700027': ({ appId }) => [
    `az ad app credential reset --id ${appId} --append --cert @certificate.pem`,
    'Microsoft Entra admin center > App registrations > the application > Certificates & secrets > Certificates > Upload certificate',
  ],
  '700024': () => ['On a self-hosted runner: sudo timedatectl set-ntp true'],
  '700016': ({ appId, ...rest }) => [
    `az ad sp create --id ${appId}`,
    'Microsoft Entra admin center > App registrations > All applications > Application (client) ID',
    setVariable('DATAVERSE_APP_ID', 'the id that is shown there'),
    ...rightTenant({ appId, ...rest }),
  ],
  '90002': rightTenant,
  '900023': rightTenant,
  '500011': (situation) => [...rightTenant(situation), ...rightAddress()],
  '500014': () => ['az ad sp update --id 00000007-0000-0000-c000-000000000000 --set accountEnabled=true'],
  '53003': () => [
    'Microsoft Entra admin center > Protection > Conditional Access > the policy > Workload identities > Exclude',
  ],
  '50034': () => [setVariable('DATAVERSE_USER', 'maker@contoso.example'), ...rightUser()],
  '50126': rightUser,
  '50055': rightUser,
  '50076': () => [
    "Sign in as an application: give 'app-id' and 'tenant-id' in place of 'user-name' and 'password-secret'",
  ],
  '7000218': ({ appId }) => [`az ad app update --id ${appId} --is-fallback-public-client true`],
  '0x80072560': ({ environmentUrl, appId }) => [
    `pac admin assign-user --environment ${environmentUrl} --user ${appId} --role 'System Customizer' --application-user`,
    `${USERS} > New app user > Add an app > ${appId}`,
  ],
  '0x80042f09': givenRole,
  '0x80040225': () => [`${USERS} > the application > Activate`],
  '0x80040220': givenRole,
  'access-token': ({ environmentUrl }) => [
    `az account get-access-token --resource ${environmentUrl} --query accessToken --output tsv`,
  ],
  'HTTP 401': ({ environmentUrl, ...rest }) => [
    `az account get-access-token --resource ${environmentUrl} --query accessToken --output tsv`,
    ...rightTenant({ environmentUrl, ...rest }),
  ],
  ENOTFOUND: rightAddress,
  ECONNREFUSED: rightAddress,
}

/** Where the code tells nothing, the step does. */
const BY_STEP: Readonly<Record<SignInStepName | 'privileges', Remedy>> = {
  address: rightAddress,
  credentials: () => [
    'gh secret list --env NAME',
    'gh variable list --env NAME',
    'In the job of the workflow: environment: NAME, with the name of the GitHub environment that holds them',
  ],
  environment: rightAddress,
  'github-token': () => ['GitHub > the run > Re-run failed jobs'],
  token: ({ environmentUrl }) => [
    'On a self-hosted runner in Azure: az vm identity assign --resource-group GROUP --name VM',
    `az account get-access-token --resource ${environmentUrl}`,
  ],
  user: givenRole,
  privileges: ({ lacking, ...rest }) => [
    ...givenRole({ lacking, ...rest }),
    `${ADMIN} > Settings > Users + permissions > Security roles > a role of its own > ${lacking.join(', ')}`,
  ],
}

/** The commands and menu paths that mend a failure, the quickest first. */
export function remedies(
  step: SignInStepName | 'privileges',
  code: string,
  situation: Situation,
): readonly string[] {
  return (BY_CODE[code] ?? BY_STEP[step])(situation)
}
