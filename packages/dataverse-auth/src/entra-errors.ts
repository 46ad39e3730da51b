interface AdviceContext {
  readonly tenantId: string
  readonly appId: string
  readonly environmentUrl: string
}

/** What an AADSTS number means for the person who runs the workflow: the cause, then the next step. */
const ADVICE: Readonly<Record<string, (context: AdviceContext) => string>> = {
  '7000215': () =>
    "the 'client-secret' is wrong. Often the secret's ID was pasted instead of its value; create a new secret in " +
    'Entra and store its value.',
  '7000222': () =>
    "the 'client-secret' has expired. Create a new one in Entra, or change to GitHub OIDC, which has none.",
  '700027': ({ appId }) =>
    `the certificate is not registered on application ${appId}, or its private key belongs to another one. ` +
    'Upload the public part under Certificates & secrets.',
  '700213': () => 'no federated credential of the application has this subject.',
  '7002131': () => 'no federated credential of the application has this subject (flexible expression).',
  '70021': () => 'no federated credential of the application matches.',
  '700211': () => 'no federated credential of the application has this issuer.',
  '700212': () => "no federated credential of the application has this audience. Is 'cloud' right?",
  '700024': () => "the assertion is outside its time of validity. Is the runner's clock right?",
  '700016': ({ appId, tenantId }) =>
    `application '${appId}' ('app-id') does not exist in tenant '${tenantId}'. Copy "Application (client) ID" from ` +
    'its registration, and check the tenant.',
  '90002': ({ tenantId }) =>
    `tenant '${tenantId}' ('tenant-id') was not found. Check the id, and 'cloud' if the tenant is not in the public cloud.`,
  '900023': ({ tenantId }) =>
    `'tenant-id' is '${tenantId}', which is no tenant id. Copy "Directory (tenant) ID".`,
  '90013': () => "the request is not valid for this tenant. Check 'tenant-id' and 'app-id'.",
  '500011': ({ environmentUrl }) =>
    `${environmentUrl} is not known to the tenant: 'environment-url' is wrong, or the environment belongs to another tenant.`,
  '500014': () =>
    'the service is disabled in the tenant. An administrator must enable its enterprise application (or create it with ' +
    '`az ad sp create --id <its application id>`).',
  '53003': () =>
    'a Conditional Access policy blocks it. An administrator must exclude the application (workload identities).',
  '50126': () => "'user-name' or 'password-secret' is wrong.",
  '50034': () => "the user of 'user-name' does not exist in the tenant.",
  '50053': () => 'the account is locked after too many attempts.',
  '50055': () => "the password of 'user-name' has expired.",
  '50057': () => "the account of 'user-name' is disabled.",
  '50076': () =>
    'the account needs a second factor, which a workflow cannot give. Sign in as an application instead (GitHub OIDC).',
  '50079': () =>
    'the account must register a second factor, which a workflow cannot do. Sign in as an application instead (GitHub OIDC).',
  '65001': ({ appId }) => `nobody has consented to application '${appId}' using Dataverse for this user.`,
  '7000218': ({ appId }) =>
    `application '${appId}' is no public client. Allow public client flows, or sign in with a secret or OIDC.`,
}

/** The advice for an AADSTS number, or `undefined` for one that is not in the table. */
export function entraAdvice(code: string, context: AdviceContext): string | undefined {
  return ADVICE[code]?.(context)
}
