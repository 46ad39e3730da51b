import type { ConnectedDeps, SignInStepName } from '@dsa/connected-action'

/** One line of the report. */
export interface Finding {
  readonly step: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly failure?: {
    readonly message: string
    /** Commands and menu paths. */
    readonly remedies: readonly string[]
  }
}

/** What the steps are called. */
export const STEPS: Readonly<Record<SignInStepName, string>> = {
  address: 'Address',
  credentials: 'Credentials',
  environment: 'Environment answers',
  'github-token': 'Token of GitHub',
  token: 'Token of Entra',
  user: 'User of the environment',
}

/** Log and summary: each step, what was found, and what mends what failed. */
export function tell(
  findings: readonly Finding[],
  environmentUrl: string,
  { log, summary }: Pick<ConnectedDeps, 'log' | 'summary'>,
): void {
  for (const { step, facts, failure } of findings) {
    log.info(
      `${failure === undefined ? 'ok    ' : 'FAILED'} ${step}${facts.length === 0 ? '' : `: ${words(facts)}`}`,
    )
  }
  const failed = findings.filter(({ failure }) => failure !== undefined)
  const [first] = failed
  if (first === undefined) summary.outcome('checked', `Signed in to ${environmentUrl}`)
  else summary.outcome('failed', `${first.step}: not in order for ${environmentUrl}`)
  summary.table(
    ['Step', 'Result', 'Found'],
    findings.map(({ step, facts, failure }) => [step, failure === undefined ? 'ok' : 'failed', words(facts)]),
  )
  for (const { step, failure } of failed) {
    summary.heading(`What mends '${step}'`)
    summary.table(
      ['Command or menu path'],
      (failure?.remedies ?? []).map((line) => [line.includes(' > ') ? line : { code: line }]),
    )
  }
}

function words(facts: Finding['facts']): string {
  return facts.map(([name, value]) => `${name} ${value}`).join('; ')
}
