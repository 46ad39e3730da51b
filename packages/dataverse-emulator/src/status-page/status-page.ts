import { isoSeconds, type Clock } from '../clock.ts'
import type { Environment } from '../environment.ts'

/** The page that the admin service shows to people. */
export function statusPage(environments: readonly Environment[], clock: Clock): string {
  return `<!doctype html><title>Dataverse emulator</title><p>${isoSeconds(clock.now())} ${environments.map(({ name }) => name).join(', ')}`
}
