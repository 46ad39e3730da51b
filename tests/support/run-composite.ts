import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import { parse } from 'yaml'
import { readAction, root } from './actions.ts'
import { runAction } from './run-action.ts'
import { type Annotation, readAnnotations } from './runner-files.ts'

/** What the runner has of a composite action when it has ended. */
export interface CompositeResult {
  /** Zero when every step succeeded; the steps after one that failed are not run. */
  readonly code: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly annotations: readonly Annotation[]
  /** The summaries of the steps, in their order. */
  readonly summary: string
  readonly log: string
  /** The actions and shells that ran, such as `export`. */
  readonly ran: readonly string[]
}

export interface CompositeOptions {
  readonly workspace: string
  readonly environment: Readonly<Record<string, string>>
  /** The context `github`. */
  readonly github: Readonly<Record<string, unknown>>
}

interface Step {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

type Outputs = Record<string, { readonly outputs: Readonly<Record<string, string>> }>

/**
 * Runs the steps of a composite action as the runner does: its expressions are worked out by GitHub's own library, and
 * each step is a process.
 *
 * @param folder such as `action-sync`
 * @param inputs those that a workflow gives; of the others the defaults hold
 */
export async function runComposite(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  { workspace, environment, github }: CompositeOptions,
): Promise<CompositeResult> {
  const { runs }: { runs: { steps: readonly Step[] } } = parse(
    readFileSync(join(root, folder, 'action.yml'), 'utf8'),
  )
  const action = readAction(folder)
  const temp = mkdtempSync(join(tmpdir(), 'composite-'))
  const steps: Outputs = {}
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      name,
      inputs[name] ?? filled(input.default ?? '', { github }),
    ]),
  )
  const contexts = () => ({ inputs: given, github, steps, runner: { temp } })
  const results: (Pick<CompositeResult, 'code' | 'annotations' | 'summary' | 'log'> & { name: string })[] = []
  try {
    for (const step of runs.steps) {
      if (step.if !== undefined && !isTrue(step.if, contexts())) continue
      const values = Object.fromEntries(
        Object.entries({ ...step.with, ...step.env }).map(([name, value]) => [
          name,
          filled(String(value), contexts()),
        ]),
      )
      const [, name = ''] = /\/action-([\w-]+)@/.exec(step.uses ?? '') ?? []
      const result =
        step.run === undefined
          ? await runAction(name, values, { workspace, environment })
          : runShell(step.run, values, workspace)
      results.push({ ...result, name: name === '' ? 'bash' : name })
      steps[step.id ?? `step-${results.length}`] = { outputs: result.outputs }
      if (result.code !== 0) break
    }
    return {
      code: results.at(-1)?.code ?? 0,
      outputs: Object.fromEntries(
        Object.entries(action.outputs).map(([name, { value = '' }]) => [name, filled(value, contexts())]),
      ),
      annotations: results.flatMap(({ annotations }) => annotations),
      summary: results.map(({ summary }) => summary).join('\n'),
      log: results.map(({ log }) => log).join('\n'),
      ran: results.map(({ name }) => name),
    }
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function runShell(script: string, environment: Readonly<Record<string, string>>, cwd: string) {
  const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  })
  return { code: status, outputs: {}, annotations: readAnnotations(stdout), summary: '', log: stdout }
}

export type Contexts = Readonly<Record<string, unknown>>

/** A text with what its expressions come to. */
function filled(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  )
}

/** Whether a condition holds; its functions that tell how earlier steps or jobs ended are not known here. */
export function isTrue(expression: string, contexts: Contexts): boolean {
  return evaluate(`!!(${expression})`, contexts).coerceString() === 'true'
}

function evaluate(expression: string, contexts: Contexts): data.ExpressionData {
  const { tokens } = new Lexer(expression.trim()).lex()
  const tree = new Parser(tokens, Object.keys(contexts), []).parse()
  const values = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: dataOf(value) })),
  )
  return new Evaluator(tree, values).evaluate()
}

function dataOf(value: unknown): data.ExpressionData {
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value !== 'object' || value === null) return new data.Null()
  return new data.Dictionary(
    ...Object.entries(value).map(([key, member]) => ({ key, value: dataOf(member) })),
  )
}
