import { publishAll } from '@dsa/dataverse-client'
import type { Session } from '../session.ts'

/** Unmanaged imports arrive as drafts, managed ones published. */
export async function publishAfter({ inputs, deps, client }: Session, managed: boolean): Promise<void> {
  if (!inputs.publishChanges) {
    if (!managed) {
      deps.log.notice(
        "What was imported is a draft: forms, views and apps change when it is published ('publish-changes: true').",
      )
    }
    return
  }
  if (managed) {
    deps.log.notice(
      "'publish-changes': a managed solution arrives published; everything else is published now.",
    )
  }
  deps.log.info('Publishing all customizations.')
  await publishAll(client, { maxWaitMinutes: inputs.maxWaitMinutes })
}
