import { ENOUGH_IN_WORDS, lackingRights } from '@dsa/connected-action'
import { errorText, UserError } from '@dsa/user-error'
import type { Archive } from '../look/archive.ts'
import type { Action } from '../decide/decision.ts'
import { NEEDED_PRIVILEGES, STAGING_PRIVILEGE } from './needed-privileges.ts'
import type { Finding } from './findings.ts'
import type { Session } from '../session.ts'
import type { Target } from '../look/target.ts'

export interface Rights {
  readonly findings: readonly Finding[]
  /** False when the environment would refuse to take the archive for its check. */
  readonly canStage: boolean
}

/** What the application user may not do that the import needs: by name of the privilege. Two requests at most. */
export async function checkRights(
  { client, inputs }: Session,
  archive: Archive,
  action: Action,
  { installed }: Target,
): Promise<Rights> {
  const undertaking = { action, archive, inputs, isThere: installed !== undefined }
  try {
    const needed = NEEDED_PRIVILEGES.filter(({ when }) => when(undertaking))
    const { lacking, errors, warnings } = await lackingRights(client, needed, 'an import')
    return {
      findings: [
        ...errors.map((text) => finding('error', text)),
        ...warnings.map((text) => finding('warning', text)),
      ],
      canStage: lacking.every(({ name }) => name !== STAGING_PRIVILEGE),
    }
  } catch (reason) {
    if (client.signal.aborted || !(reason instanceof UserError)) throw reason
    const text = `not checked: the rights of the application user (${errorText(reason)}). ${ENOUGH_IN_WORDS} is known to be enough.`
    return { findings: [finding('warning', text)], canStage: true }
  }
}

function finding(level: Finding['level'], text: string): Finding {
  return { level, text }
}
