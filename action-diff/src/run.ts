import { dirname, join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type ActionDeps, docsPage, type Outputs, resolvePath, SUMMARY_BYTES } from '@dsa/action-kit'
import { writeWholeFile } from '@dsa/solution-package'
import { compareSolutions, type Effect } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'
import type { Failure, Inputs } from './inputs.ts'
import { type ComparedSolution, makeReport } from './report/diff-report.ts'
import { reportMarkdown } from './report/markdown.ts'
import { findPairs } from './sides/pairs.ts'

/** Compares, tells what changed, and only then fails for what the workflow does not want. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { log, summary } = deps
  const { pairs, base, head } = findPairs(inputs, deps)
  const solutions = pairs.map(({ folder, base: before, head: after }): ComparedSolution => ({
    folder,
    ...compareSolutions(before, after),
  }))
  const report = makeReport({ base, head }, solutions)
  const { counts } = report
  for (const solution of solutions) log.info(lineOf(solution, base, head))
  annotate(solutions, deps)
  summary.markdown(
    reportMarkdown(report, {
      maxBytes: SUMMARY_BYTES,
      pageOf: (page) => docsPage(page, deps.environment),
    }),
  )
  const bytes = new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`)
  const [solution] = solutions
  const outputs = {
    changed: counts.added + counts.changed + counts.removed > 0,
    added: counts.added,
    'changed-components': counts.changed,
    removed: counts.removed,
    errors: counts.errors,
    warnings: counts.warnings,
    notices: counts.notices,
    'suggested-version': solutions.length === 1 ? (solution?.suggestedVersion ?? undefined) : undefined,
    'report-file': await writeReport(inputs.reportFile, bytes, deps),
    'artifact-id': await upload(inputs.artifactName, bytes, deps),
  }
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  refuse(
    inputs.failOn,
    solutions.flatMap(({ changes }) => changes.flatMap(({ effects }) => effects)),
  )
  return outputs
}

function lineOf(
  { folder, name, changes, quiet, unexplained }: ComparedSolution,
  base: string,
  head: string,
): string {
  return `${name} in ${folder}, ${base} … ${head}: components that changed: ${changes.length}; files that mean nothing: ${quiet.files}; files that are not explained: ${unexplained.length}.`
}

/** Errors and warnings stand beside the file that they are about. */
function annotate(solutions: readonly ComparedSolution[], { annotate: add }: ActionDeps): void {
  for (const { folder, changes } of solutions) {
    for (const { effects, files } of changes) {
      for (const { level, reason, advice, rule } of effects) {
        const [file] = files
        if (level !== 'notice')
          add({
            level: 'warning',
            title: rule,
            message: `${reason} ${advice}`,
            ...(file !== undefined && { file: folder === '.' ? file : `${folder}/${file}` }),
          })
      }
    }
  }
}

async function writeReport(
  file: string | undefined,
  report: Uint8Array,
  { root }: ActionDeps,
): Promise<string | undefined> {
  if (file === undefined) return undefined
  const path = resolvePath(root, file)
  await writeWholeFile(path, report)
  return path
}

async function upload(
  name: string | undefined,
  report: Uint8Array,
  deps: ActionDeps,
): Promise<number | undefined> {
  if (name === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'solution-diff-'))
  try {
    const path = join(folder, 'solution-diff.json')
    await writeWholeFile(path, report)
    const { id } = await deps.artifacts.upload(name, [path], dirname(path))
    return id
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws UserError after everything was reported */
function refuse(failOn: readonly Failure[], effects: readonly Effect[]): void {
  const found = effects.filter(({ effect, level }) =>
    failOn.some((failure) => failure === effect || failure === level),
  )
  if (found.length === 0) return
  throw new UserError(
    [
      `The comparison found what 'fail-on' does not allow:`,
      ...found.map(({ rule, reason }) => `- ${reason} (${rule})`),
    ].join('\n'),
  )
}
