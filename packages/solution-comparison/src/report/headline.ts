import { counted } from '@dsa/user-error'
import type { Effect, EffectKind } from '@dsa/solution-package/diff'
import { type ComparedSolution, type InstalledSolution, openEffects } from './diff-report.ts'
import { code, plain } from './text.ts'

/** How a solution is called: with its versions, and the folder where that says more than the name. */
export function titleOf({ name, folder, base, head }: ComparedSolution, others: number): string {
  const where = others === 0 || folder === '' || folder === '.' ? '' : ` (${plain(folder, 'name')})`
  return `${plain(name, 'name')} ${versions(base?.version, head?.version)}${where}`
}

function versions(base: string | undefined, head: string | undefined): string {
  if (base === undefined) return `${plain(head ?? '', 'name')} is new`
  if (head === undefined) return `${plain(base, 'name')} is gone`
  return base === head ? plain(head, 'name') : `${plain(base, 'name')} → ${plain(head, 'name')}`
}

/** What the headline counts, in its order; the first is why one may not stop reading. */
const SAID: readonly {
  readonly effects: readonly EffectKind[]
  readonly level?: 'error' | 'not error'
  readonly said: (count: number) => string
}[] = [
  {
    effects: ['data-loss', 'import-fails'],
    level: 'error',
    said: (count) => `${counted(count, 'change loses', 'changes lose')} data or will be refused`,
  },
  {
    effects: ['data-loss', 'import-fails'],
    level: 'not error',
    said: (count) => `${count} may lose data or be refused`,
  },
  { effects: ['breaks'], said: (count) => `${count} can break something` },
  { effects: ['widens-access'], said: (count) => `${count} ${count === 1 ? 'widens' : 'widen'} access` },
  { effects: ['needs-rights'], said: (count) => `${count} ${count === 1 ? 'takes' : 'take'} rights away` },
  { effects: ['needs-settings'], said: (count) => `${counted(count, 'setting')} to give` },
]

/** One line of counts. */
export function headline({ changes, unexplained, quiet, ignored = 0, installed }: ComparedSolution): string {
  const effects = changes.flatMap(openEffects)
  const accepted = changes.flatMap((change) => change.effects).length - effects.length
  const said = SAID.flatMap(({ effects: kinds, level, said: words }, at) => {
    const count = effects.filter(
      (effect) => kinds.includes(effect.effect) && (level === undefined || fits(effect, level)),
    ).length
    if (count === 0) return []
    return [at === 0 ? `**${words(count)}**` : words(count)]
  })
  const differences = changes.reduce((sum, { properties }) => sum + Math.max(properties.length, 1), 0)
  return [
    ...(installed?.version === null
      ? [`**everything is new**: it is not installed in ${code(installed.environment)}`]
      : []),
    ...said,
    changes.length === 0 && unexplained.length > 0
      ? `${counted(unexplained.length, 'file')} changed in a way that is not explained`
      : `${counted(differences, 'change')} in ${counted(changes.length, 'component')}`,
    ...(accepted === 0 ? [] : [`${counted(accepted, 'finding')} accepted`]),
    ...(ignored === 0 ? [] : [`${counted(ignored, 'component')} ignored`]),
    ...noise(quiet.files),
  ].join(' · ')
}

function fits({ level }: Effect, wanted: 'error' | 'not error'): boolean {
  return (level === 'error') === (wanted === 'error')
}

/** What an environment has, as Markdown. */
export function inWords({ environment, version, isManaged }: InstalledSolution): string {
  const what =
    version === null ? 'not installed' : `${plain(version, 'name')} ${isManaged ? 'managed' : 'unmanaged'}`
  return `${code(environment)} (${what})`
}

/** What means nothing is counted, and nothing more. */
export function noise(files: number): string[] {
  return files === 0 ? [] : [`${counted(files, 'file')} of noise left out`]
}
