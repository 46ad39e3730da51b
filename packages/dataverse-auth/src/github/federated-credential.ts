import { readClaims } from './jwt.ts'
import type { Claims } from './jwt.ts'

/** What a job's GitHub token says, and how a credential for it is made. */
export interface PresentedClaims {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  /** Whether the subject has the numeric ids of owner and repository. */
  readonly hasIds: boolean
  /** The subject of the same job in the other form, which does not match this token. */
  readonly otherSubject: string | undefined
  /** The command that makes the credential. */
  readonly createCommand: string
}

/** @returns `undefined` for a text that is no JWT */
export function presentedClaims(assertion: string, appId: string): PresentedClaims | undefined {
  const claims = readClaims(assertion)
  return (
    claims && {
      issuer: claims.iss,
      subject: claims.sub,
      audience: claims.aud,
      hasIds: hasIds(claims.sub),
      otherSubject: otherForm(claims),
      createCommand: createCommand(claims, appId),
    }
  )
}

/**
 * What a person must register so that the job's own GitHub token is accepted: the three claims that Entra compares, and
 * the command that creates the credential. Never the token itself.
 * @param appId where the credential is to be made; left out where the application is what is wrong
 */
export function presentedToken(assertion: string | undefined, appId?: string): string {
  const claims = assertion === undefined ? undefined : readClaims(assertion)
  if (claims === undefined) return ''
  const lines = [
    'The token that GitHub presented says:',
    `  Issuer (iss):   ${claims.iss}`,
    `  Subject (sub):  ${claims.sub}`,
    `  Audience (aud): ${claims.aud}`,
  ]
  if (appId === undefined) return lines.join('\n')
  const other = otherForm(claims)
  return [
    ...lines,
    'Enter exactly this in Entra under App registrations, Certificates & secrets, Federated credentials, or run:',
    `  ${createCommand(claims, appId)}`,
    ...(other === undefined
      ? []
      : [
          `A credential with the subject '${other}' is for the same job in the ${hasIds(claims.sub) ? 'older form, without the numeric ids' : 'newer form, with numeric ids, which the Azure portal writes'}. It does not match this token.`,
        ]),
  ].join('\n')
}

/** Text inside single quotes of a shell: a subject can hold the name of an environment, and that any character. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function createCommand({ iss, sub, aud }: Claims, appId: string): string {
  const parameters = { name: nameFor(sub), issuer: iss, subject: sub, audiences: [aud] }
  return `az ad app federated-credential create --id ${quoted(appId)} --parameters ${quoted(JSON.stringify(parameters))}`
}

/** Entra takes 3 to 120 letters, digits, hyphens and underscores. */
function nameFor(subject: string): string {
  return `github-${subject.replaceAll(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 120).replace(/-$/, '')
}

const WITH_IDS = /^repo:([^/:@]+)@\d+\/([^/:@]+)@\d+:/
const WITHOUT_IDS = /^repo:([^/:@]+)\/([^/:@]+):/

function hasIds(subject: string): boolean {
  return WITH_IDS.test(subject)
}

/**
 * The subject in the form that this token does not have. Repositories that were created, renamed or transferred after
 * 15 July 2026 have subjects with the ids of owner and repository, the others have none; the portal may offer either.
 */
function otherForm({ sub, repositoryOwnerId, repositoryId }: Claims): string | undefined {
  if (hasIds(sub)) return sub.replace(WITH_IDS, 'repo:$1/$2:')
  if (!WITHOUT_IDS.test(sub) || !/^\d+$/.test(repositoryOwnerId) || !/^\d+$/.test(repositoryId))
    return undefined
  return sub.replace(
    WITHOUT_IDS,
    (_, owner: string, name: string) => `repo:${owner}@${repositoryOwnerId}/${name}@${repositoryId}:`,
  )
}
