import { json, type Reply } from '../http/exchange.ts'
import { isoSeconds } from '../clock.ts'

/** Entra's refusals by AADSTS number: OAuth `error`, HTTP status and text; `{0}`, `{1}` … are filled in. */
const REFUSALS = {
  50013: ['invalid_grant', 401, 'Assertion failed signature validation. [Reason - {0}]'],
  50034: [
    'invalid_grant',
    400,
    'The user account {0} does not exist in the {1} directory. To sign into this application, the account must be added to the directory.',
  ],
  50126: ['invalid_grant', 400, 'Error validating credentials due to invalid username or password.'],
  70002: [
    'invalid_client',
    401,
    "Error validating credentials. The 'client_secret' or 'client_assertion' parameter is missing.",
  ],
  70003: ['unsupported_grant_type', 400, "The app requested an unsupported grant type '{0}'."],
  70011: [
    'invalid_scope',
    400,
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
  ],
  90002: [
    'invalid_request',
    400,
    "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  ],
  90014: [
    'invalid_request',
    400,
    "The required field '{0}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  ],
  500011: [
    'invalid_resource',
    400,
    'The resource principal named {0} was not found in the tenant named {1}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
  ],
  700016: [
    'unauthorized_client',
    400,
    "Application with identifier '{0}' was not found in the directory '{1}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  ],
  700023: [
    'invalid_client',
    401,
    'Client assertion audience claim does not match Realm issuer. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials.',
  ],
  700024: [
    'invalid_client',
    401,
    'Client assertion is not within its valid time range. Current time: {0}, assertion valid from {1}, expiry time of assertion {2}.',
  ],
  700027: [
    'invalid_client',
    401,
    "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '{0}']",
  ],
  700211: [
    'invalid_client',
    401,
    "No matching federated identity record found for presented assertion issuer '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  ],
  700212: [
    'invalid_client',
    401,
    "No matching federated identity record found for presented assertion audience '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  ],
  700213: [
    'invalid_client',
    401,
    "No matching federated identity record found for presented assertion subject '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  ],
  900023: [
    'invalid_request',
    400,
    "Specified tenant identifier '{0}' is neither a valid DNS name, nor a valid external domain.",
  ],
  7000215: [
    'invalid_client',
    401,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
  ],
  7000218: [
    'invalid_client',
    401,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  7000222: [
    'invalid_client',
    401,
    "The provided client secret keys for app '{0}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  ],
} as const satisfies Record<number, readonly [string, number, string]>

export type AadstsCode = keyof typeof REFUSALS

/** A refusal of the token endpoint; thrown while a request is checked and answered by `refusal`. */
export class EntraError extends Error {
  readonly aadsts: AadstsCode
  readonly details: readonly string[]

  constructor(aadsts: AadstsCode, ...details: readonly string[]) {
    super(`AADSTS${aadsts}`)
    this.name = 'EntraError'
    this.aadsts = aadsts
    this.details = details
  }
}

/** The answer in Entra's form, with trace and correlation ids. */
export function refusal(error: EntraError, nowMs: number, correlationId: string, traceId: string): Reply {
  const [oauth, status, template] = REFUSALS[error.aadsts]
  const timestamp = isoSeconds(nowMs).replace('T', ' ')
  const words = template.replace(/\{(\d)\}/g, (_, index: string) => error.details[Number(index)] ?? '')
  return json(status, {
    error: oauth,
    error_description: `AADSTS${error.aadsts}: ${words} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.aadsts],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.aadsts}`,
  })
}
