/** What the workflow was started from, by the runner's own variables; what is missing outside of GitHub is ''. */
export interface RunSource {
  readonly repository: string
  readonly refType: string
  readonly ref: string
  readonly commit: string
  readonly actor: string
  readonly workflow: string
  readonly runNumber: string
  readonly runAttempt: string
  readonly runUrl: string
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables */
export function sourceOf(environment: Readonly<Record<string, string | undefined>>): RunSource {
  const of = (name: string): string => environment[`GITHUB_${name}`] ?? ''
  const run = of('RUN_ID')
  return {
    repository: of('REPOSITORY'),
    refType: of('REF_TYPE'),
    ref: of('REF_NAME'),
    commit: of('SHA'),
    // Who pressed "re-run" answers for it, not who started the first attempt.
    actor: of('TRIGGERING_ACTOR') || of('ACTOR'),
    workflow: of('WORKFLOW'),
    runNumber: of('RUN_NUMBER'),
    runAttempt: of('RUN_ATTEMPT'),
    runUrl: run === '' ? '' : `${of('SERVER_URL')}/${of('REPOSITORY')}/actions/runs/${run}`,
  }
}

/** `tag v1.3.0, commit a1b2c3d, by octo in run 123`; '' outside of GitHub. */
export function sourceLine({ refType, ref, commit, actor, runNumber }: RunSource): string {
  const by = [...(actor === '' ? [] : [`by ${actor}`]), ...(runNumber === '' ? [] : [`in run ${runNumber}`])]
  return [
    ...(ref === '' ? [] : [`${refType || 'ref'} ${ref}`]),
    ...(commit === '' ? [] : [`commit ${commit.slice(0, 7)}`]),
    ...(by.length === 0 ? [] : [by.join(' ')]),
  ].join(', ')
}
