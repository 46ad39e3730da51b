import type { Row } from '../store/row.ts'
import { asText, text } from '../store/value.ts'
import { randomUUID } from 'node:crypto'
import { isoSeconds } from '../clock.ts'
import type { Environment } from '../environment.ts'
import { defaultRow } from '../odata/rows/default-row.ts'
import type { ArchiveContent, PublisherContent } from './archive/content.ts'

/** Who does something and when, as far as rows record it. */
export interface Actor {
  readonly environment: Environment
  readonly user: Row
  readonly now: number
}

export function findSolution(environment: Environment, uniqueName: string): Row | undefined {
  const wanted = uniqueName.toLowerCase()
  return environment.store.find('solution', (row) => asText(row['uniquename']).toLowerCase() === wanted)
}

export function patchesOf(environment: Environment, solution: Row): readonly Row[] {
  return environment.store.filter('solution', (row) => row['parentsolutionid'] === solution['solutionid'])
}

/** The publisher's row; made when the environment does not know it yet. */
export function ensurePublisher(actor: Actor, publisher: PublisherContent): Row {
  const { store } = actor.environment
  const known = store.find(
    'publisher',
    (row) => text(row, 'uniquename').toLowerCase() === publisher.uniqueName.toLowerCase(),
  )
  if (known !== undefined) return known
  const row = newRow(actor, 'publisher', {
    uniquename: publisher.uniqueName,
    friendlyname: publisher.friendlyName,
    description: publisher.description === '' ? null : publisher.description,
    customizationprefix: publisher.prefix,
    customizationoptionvalueprefix: publisher.optionPrefix,
    emailaddress: publisher.email,
    supportingwebsiteurl: publisher.website,
  })
  store.put('publisher', text(row, 'publisherid'), row)
  return row
}

/** A row with what the service fills in, not yet stored. */
export function newRow(actor: Actor, tableName: string, values: Row): Row {
  const table = actor.environment.tableNamed(tableName)
  if (table === undefined) throw new Error(`There is no table ${tableName}.`)
  return { ...defaultRow(table, actor), [table.primaryKey]: randomUUID(), ...values }
}

/** Stores a row of a table under its key, with a new version where the table has one. */
export function storeRow(environment: Environment, tableName: string, row: Row): void {
  const table = environment.tableNamed(tableName)
  if (table === undefined) throw new Error(`There is no table ${tableName}.`)
  const versioned = table.hasVersion ? { ...row, versionnumber: environment.store.nextVersion() } : row
  environment.store.put(tableName, text(row, table.primaryKey), versioned)
}

/** Writes the row of a solution that was just imported. */
export function putSolution(
  actor: Actor,
  content: ArchiveContent,
  uniqueName: string,
  parent: Row | undefined,
): Row {
  const { environment, now } = actor
  const publisher = ensurePublisher(actor, content.publisher)
  const before = findSolution(environment, uniqueName)
  const values: Row = {
    uniquename: uniqueName,
    friendlyname: content.friendlyName,
    description: content.description === '' ? null : content.description,
    version: content.version,
    ismanaged: content.managed,
    publisherid: publisher['publisherid'] ?? null,
    solutionpackageversion: content.packageVersion,
    parentsolutionid: parent?.['solutionid'] ?? null,
    modifiedon: isoSeconds(now),
  }
  const row =
    before === undefined
      ? newRow(actor, 'solution', { ...values, installedon: isoSeconds(now), createdon: isoSeconds(now) })
      : { ...before, ...values, updatedon: isoSeconds(now) }
  storeRow(environment, 'solution', row)
  return row
}
