import { counted, didYouMean, UserError } from '@dsa/user-error'
import { relative } from 'node:path'
import { docsPage } from '@dsa/action-kit'
import type { ActionDeps, Annotation } from '@dsa/action-kit'
import { type Finding, type SourceTree, verifyRules, verifySource } from '@dsa/solution-package'
import type { Inputs } from './inputs.ts'

/** The source has errors; each is an annotation at its place. */
class SourceError extends UserError {
  override readonly name = 'SourceError'
  readonly annotations: readonly Annotation[]

  constructor(message: string, annotations: readonly Annotation[]) {
    super(message)
    this.annotations = annotations
  }
}

/**
 * Verifies the source as the inputs say.
 *
 * @returns the number of warnings, each of which has been annotated
 * @throws SourceError when a rule of severity error finds something
 */
export function checkSource(tree: SourceTree, folder: string, inputs: Inputs, deps: ActionDeps): number {
  const ids = verifyRules.map(({ id }) => id)
  const unknown = inputs.verifyOff.find((id) => !ids.includes(id))
  if (unknown !== undefined) {
    throw new UserError(
      `Input 'verify-off' names the rule '${unknown}', which does not exist.${didYouMean(unknown, ids)} The rules are ${ids.join(', ')}.`,
    )
  }
  if (!inputs.verify) return 0
  const findings = verifySource(tree, inputs.verifyOff)
  const place = relative(deps.root, folder).replaceAll('\\', '/')
  const annotations = findings.map((finding) => annotationOf(finding, place))
  summarize(findings, deps)
  const errors = annotations.filter(({ level }) => level === 'error')
  for (const annotation of annotations) if (annotation.level !== 'error') deps.annotate(annotation)
  if (errors.length === 0) return findings.length
  throw new SourceError(
    `The source has ${counted(errors.length, 'error')}, and nothing was packed. Correct ${errors.length === 1 ? 'it' : 'them'}, or turn a rule off with 'verify-off'. The rules: ${docsPage('docs/verify.md', deps.environment)}\n${errors
      .map(
        ({ file, line, message, title }) =>
          `${file}${line === undefined ? '' : `:${line}`}: ${message} (${title})`,
      )
      .join('\n')}`,
    errors,
  )
}

function annotationOf({ rule, severity, file, line, column, message }: Finding, place: string): Annotation {
  return {
    level: severity,
    title: rule,
    message,
    file: place === '' ? file : `${place}/${file}`,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }
}

/** Errors stand in the message of the failure, which is in the summary as well. */
function summarize(findings: readonly Finding[], { summary }: ActionDeps): void {
  const warnings = findings.filter(({ severity }) => severity !== 'error')
  const errors = findings.length - warnings.length
  if (errors > 0) summary.outcome('stopped', `Not packed: the source has ${counted(errors, 'error')}`)
  if (warnings.length === 0) return
  summary.heading(`Warnings of verify (${warnings.length})`)
  summary.table(
    ['Rule', 'File', 'What'],
    warnings.map(({ rule, file, line, message }) => [
      rule,
      { code: line === undefined ? file : `${file}:${line}` },
      message,
    ]),
  )
}
