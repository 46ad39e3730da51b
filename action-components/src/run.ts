import type { Outputs } from '@dsa/action-kit'
import {
  componentInWords,
  type ConnectedDeps,
  refuseFixed,
  refuseLackingRights,
  RIGHTS_OF,
  signIn,
} from '@dsa/connected-action'
import {
  addMember,
  type DataverseClient,
  listMembers,
  listSolutionContent,
  type Member,
  openQueue,
  removeMember,
  requireSolution,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { counted, UserError } from '@dsa/user-error'
import { findComponents, type FoundComponent } from './find-components.ts'
import type { Inputs } from './inputs.ts'
import { leftOut } from './left-out.ts'

/** A component that is to come or go, and where it is now. */
interface Change {
  readonly component: FoundComponent
  readonly withSubcomponents: boolean
}

/** Changes which components solutions hold; everything that can be refused is looked at before the first write. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const client = await signIn(inputs, deps)
  await waitUntilFree(client, openQueue(client))
  const solution = await requireSolution(client, inputs.solutionName)
  if (inputs.mode === 'list') return list(solution, client, deps)
  const source =
    inputs.fromSolution === undefined ? undefined : await requireSolution(client, inputs.fromSolution)
  await refuseFixed(client, solution, 'what it holds')
  if (source !== undefined && inputs.mode === 'move') await refuseFixed(client, source, 'what it holds')
  await refuseLackingRights(client, RIGHTS_OF.components, 'changing a solution')
  const changes = await changesOf(inputs, source, client)

  const added = inputs.mode === 'remove' ? [] : await add(changes, solution, inputs, client, deps)
  const from = inputs.mode === 'move' ? source : inputs.mode === 'remove' ? solution : undefined
  const removed = from === undefined ? [] : await remove(changes, from, client, deps)
  const missing =
    inputs.mode === 'remove'
      ? []
      : await leftOut(
          client,
          solution,
          changes.map(({ component }) => component),
        )
  for (const words of missing)
    deps.log.warning(`Not in '${solution.uniqueName}', and needed there: ${words}.`)
  summarize(solution, source, { added, removed, missing }, client, deps)
  const ids = changes.map(({ component }) => component.objectId)
  return {
    'component-id': ids[0],
    'component-ids': ids.join(','),
    added: added.length,
    removed: removed.length,
    'left-out': missing.length,
    components: await contentAsJson(solution, client),
    changed: added.length + removed.length > 0,
  }
}

/** The components of the inputs, or all of the solution that they come from. */
async function changesOf(
  { wanted, withoutSubcomponents }: Inputs,
  source: Solution | undefined,
  client: DataverseClient,
): Promise<readonly Change[]> {
  const found = await findComponents(client, wanted)
  if (source === undefined) {
    return found.map((component) => ({ component, withSubcomponents: !withoutSubcomponents }))
  }
  const members = await listMembers(client, source.id)
  if (found.length === 0) {
    const names = new Map(
      (await listSolutionContent(client, source.id)).map((row) => [row.objectId, componentInWords(row)]),
    )
    return members.map(({ objectId, type, withSubcomponents }) => ({
      component: {
        objectId,
        type,
        words: names.get(objectId) ?? componentInWords({ type, name: objectId, table: '' }),
      },
      withSubcomponents,
    }))
  }
  return found.map((component) => {
    const member = members.find((one) => isSame(one, component))
    if (member === undefined)
      throw new UserError(`${component.words} is not in '${source.uniqueName}'. Nothing was changed.`)
    return { component, withSubcomponents: member.withSubcomponents && !withoutSubcomponents }
  })
}

function isSame(a: Pick<Member, 'objectId' | 'type'>, b: Pick<Member, 'objectId' | 'type'>): boolean {
  return a.objectId === b.objectId && a.type === b.type
}

/** @returns what was not there before */
async function add(
  changes: readonly Change[],
  solution: Solution,
  { withRequired }: Inputs,
  client: DataverseClient,
  { log }: ConnectedDeps,
): Promise<readonly string[]> {
  const before = await listMembers(client, solution.id)
  for (const { component, withSubcomponents } of changes) {
    if (before.some((member) => isSame(member, component)) && !withRequired) {
      log.info(`${component.words} is in '${solution.uniqueName}' already.`)
      continue
    }
    await addMember(client, solution.uniqueName, { ...component, withSubcomponents }, withRequired)
  }
  const after = await listMembers(client, solution.id)
  const missing = changes.filter(({ component }) => !after.some((member) => isSame(member, component)))
  if (missing.length > 0) {
    throw new UserError(
      `The environment took the request and does not have ${missing.map(({ component }) => component.words).join(', ')} in '${solution.uniqueName}'.`,
    )
  }
  const own = new Map(changes.map(({ component }) => [component.objectId, component.words]))
  const added = after
    .filter((member) => !before.some((one) => isSame(one, member)))
    .map(({ objectId, type }) => own.get(objectId) ?? componentInWords({ type, name: objectId, table: '' }))
  for (const words of added) log.info(`Added to '${solution.uniqueName}': ${words}`)
  return added
}

/** @returns what was there before */
async function remove(
  changes: readonly Change[],
  solution: Solution,
  client: DataverseClient,
  { log }: ConnectedDeps,
): Promise<readonly string[]> {
  const before = await listMembers(client, solution.id)
  const there = changes.filter(({ component }) => before.some((member) => isSame(member, component)))
  for (const { component } of changes.filter((change) => !there.includes(change))) {
    log.info(`${component.words} is not in '${solution.uniqueName}'.`)
  }
  for (const { component } of there) {
    await removeMember(client, solution, component)
    log.info(`Removed from '${solution.uniqueName}': ${component.words}`)
  }
  return there.map(({ component }) => component.words)
}

async function list(
  solution: Solution,
  client: DataverseClient,
  { log, summary }: ConnectedDeps,
): Promise<Outputs> {
  const content = await listSolutionContent(client, solution.id)
  for (const row of content) log.info(componentInWords(row))
  summary.outcome(
    'checked',
    `${solution.uniqueName} ${solution.version} holds ${counted(content.length, 'component')}`,
  )
  summary.list(content.map(componentInWords))
  return { components: await contentAsJson(solution, client), changed: false }
}

async function contentAsJson({ id }: Solution, client: DataverseClient): Promise<string> {
  const content = await listSolutionContent(client, id)
  return JSON.stringify(
    content.map(({ type, name, table, objectId }) => ({
      type,
      name,
      ...(table !== '' && { table }),
      id: objectId,
    })),
  )
}

function summarize(
  { uniqueName }: Solution,
  source: Solution | undefined,
  {
    added,
    removed,
    missing,
  }: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly missing: readonly string[]
  },
  { environmentUrl }: DataverseClient,
  { summary }: Pick<ConnectedDeps, 'summary'>,
): void {
  const from = source === undefined ? '' : ` (from ${source.uniqueName})`
  const nothing = added.length + removed.length === 0
  summary.outcome(
    nothing ? 'nothing to do' : missing.length > 0 ? 'warned' : 'done',
    `${uniqueName}${from}: ${added.length} added, ${removed.length} removed in ${new URL(environmentUrl).host}`,
  )
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Added', added],
    ['Removed', removed],
    ['Left out, and needed', missing],
  ]
  for (const [title, words] of parts) {
    if (words.length === 0) continue
    summary.heading(`${title} (${words.length})`)
    summary.list(words)
  }
}
