import { dirname, join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  type ActionDeps,
  COMMENT_BYTES,
  docsPage,
  type Outputs,
  resolvePath,
  runAddress,
  SUMMARY_BYTES,
} from '@dsa/action-kit'
import {
  type ComparedSolution,
  type DiffReport,
  makeReport,
  openEffects,
  reportMarkdown,
} from '@dsa/solution-comparison'
import { writeWholeFile } from '@dsa/solution-package'
import type { Effect } from '@dsa/solution-package/diff'
import { counted, UserError } from '@dsa/user-error'
import type { Acceptance } from './configuration/acceptances.ts'
import { applySettings, unusedAcceptances } from './configuration/apply.ts'
import { readSettings, type ReadSettings } from './configuration/read-settings.ts'
import type { Inputs } from './inputs.ts'
import { isAccepted } from './pull-request/accepted.ts'
import { commentOn } from './pull-request/comment.ts'
import { eventPull } from './pull-request/event.ts'
import { openPull, type Pull } from './pull-request/pull.ts'
import { comparePair } from './sides/compare-pair.ts'
import { findPairs } from './sides/find-pairs.ts'
import { inFolder } from './sides/in-folder.ts'

/** Compares, tells what changed, and only then fails for what the workflow does not want. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { log, summary } = deps
  const { pairs, base, head, asked, files } = await findPairs(inputs, deps)
  const settings = await readSettings(inputs, files, deps)
  const diffs = await Promise.all(pairs.map((pair) => inFolder(pair.folder, () => comparePair(pair))))
  const solutions = diffs.map((diff) => applySettings(diff, settings))
  const report = makeReport({ base, head }, solutions, settings.origin)
  const { counts } = report
  for (const solution of solutions) log.info(lineOf(solution, base, head))
  annotate(solutions, deps)
  tellUnused(unusedAcceptances(diffs, settings), settings, deps)
  summary.markdown(
    reportMarkdown(report, {
      maxBytes: SUMMARY_BYTES,
      pageOf: (page) => docsPage(page, deps.environment),
    }),
  )
  const bytes = new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`)
  const [solution] = solutions
  const outputs = {
    changed: solutions.some(({ changes, unexplained }) => changes.length + unexplained.length > 0),
    added: counts.added,
    'changed-components': counts.changed,
    removed: counts.removed,
    errors: counts.errors,
    warnings: counts.warnings,
    notices: counts.notices,
    'suggested-version': solutions.length === 1 ? (solution?.suggestedVersion ?? undefined) : undefined,
    'report-file': await writeReport(inputs.reportFile, bytes, deps),
    'markdown-file': await writeBody(inputs.markdownFile, report, deps),
    'artifact-id': await upload(inputs.artifactName, bytes, deps),
  }
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  const pull = pullOf(inputs, deps)
  if (inputs.comment && pull !== undefined) await commentOn(pull, { report, asked }, deps)
  await refuse(
    inputs,
    {
      effects: solutions.flatMap(({ changes }) => changes.flatMap(openEffects)),
      acceptedFile: settings.acceptedFile,
    },
    pull,
    deps,
  )
  return outputs
}

/** The pull request of the job. Without a token GitHub cannot be asked about it. */
function pullOf({ githubToken, comment }: Inputs, deps: ActionDeps): Pull | undefined {
  const event = eventPull(deps.environment)
  if (event === undefined) return undefined
  if (githubToken !== undefined) return openPull(event, githubToken, deps)
  if (comment)
    deps.log.notice(
      "No comment was written: 'github-token' is empty. Leave the input out to use the job's own.",
    )
  return undefined
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
    for (const change of changes) {
      for (const { level, reason, advice, rule } of openEffects(change)) {
        const [file] = change.files
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

/**
 * An acceptance that fits nothing: a new one is a mistake, which stands beside its line; an older one did its work, as
 * the change that it accepted was merged.
 */
function tellUnused(
  unused: readonly Acceptance[],
  { acceptedBefore, acceptedFile }: ReadSettings,
  { log, annotate: add }: ActionDeps,
): void {
  const [fresh, old] = [true, false].map((isNew) =>
    unused.filter(({ fingerprint }) => (acceptedBefore?.has(fingerprint) === false) === isNew),
  )
  for (const { fingerprint, at } of fresh ?? [])
    add({
      level: 'warning',
      title: 'Acceptance without a finding',
      message: `No finding has the fingerprint '${fingerprint}'. The report and the comment say it of each.`,
      file: acceptedFile,
      line: at.line,
    })
  if (old !== undefined && old.length > 0)
    log.info(
      `${acceptedFile} accepts ${counted(old.length, 'finding')} that there ${old.length === 1 ? 'is' : 'are'} not in this comparison: ${old.map(({ fingerprint }) => fingerprint).join(', ')}. Remove what no comparison needs any more.`,
    )
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

/** The text of the comment, for the body of another pull request: it is read far from this run. */
async function writeBody(
  file: string | undefined,
  report: DiffReport,
  deps: ActionDeps,
): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = reportMarkdown(report, {
    maxBytes: COMMENT_BYTES,
    pageOf: (page) => docsPage(page, deps.environment),
    fullReport: runAddress(deps.environment),
  })
  return writeReport(file, new TextEncoder().encode(text), deps)
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

/** More findings than an annotation can show are in the report. */
const MOST_REFUSED = 20

/** @throws UserError after everything was reported */
async function refuse(
  { failOn, acceptLabel }: Inputs,
  { effects, acceptedFile }: { readonly effects: readonly Effect[]; readonly acceptedFile: string },
  pull: Pull | undefined,
  { log }: ActionDeps,
): Promise<void> {
  const found = effects.filter(({ effect, level }) =>
    failOn.some((failure) => failure === effect || failure === level),
  )
  if (found.length === 0) return
  if (await isAccepted(acceptLabel, pull)) {
    log.notice(`The label '${acceptLabel}' accepts ${counted(found.length, 'finding')} of 'fail-on'.`)
    return
  }
  throw new UserError(
    [
      `The comparison found what 'fail-on' does not allow:`,
      ...found
        .slice(0, MOST_REFUSED)
        .map(({ rule, reason, fingerprint }) => `- ${reason} (${rule}, ${fingerprint})`),
      ...(found.length > MOST_REFUSED ? [`- and ${found.length - MOST_REFUSED} more`] : []),
      `To accept one, write its last 12 digits with a reason into ${acceptedFile}.`,
      ...(pull === undefined
        ? []
        : [
            `To accept all of this, give the pull request the label '${acceptLabel}', and run the job again.`,
          ]),
    ].join('\n'),
  )
}
