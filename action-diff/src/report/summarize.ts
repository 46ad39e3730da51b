import type { Cell, Explained, Summary, SummaryBody } from '@dsa/action-kit'
import {
  type Change,
  type ComponentKind,
  type Effect,
  type EffectKind,
  LEVELS,
  type Property,
  type SolutionDiff,
} from '@dsa/solution-package/diff'
import { counted } from '@dsa/user-error'

/** More findings than a reader takes in are counted, and are in the report. */
const MOST_FINDINGS = 10
const MOST_ALIKE = 3

/** One solution with the folder that it lies in. */
export interface ComparedSolution extends SolutionDiff {
  readonly folder: string
}

/** Tells a reader what changed: how it ends, what is lost or refused, then each part of the solution. */
export function summarize(summary: Summary, solutions: readonly ComparedSolution[]): void {
  for (const solution of solutions) summarizeOne(summary, solution)
}

function summarizeOne(summary: Summary, solution: ComparedSolution): void {
  summary.heading(titleOf(solution))
  const { changes, quiet, unexplained } = solution
  if (changes.length === 0 && unexplained.length === 0) {
    summary.text(`No component changed${quiet.files === 0 ? '' : ` (${noise(quiet.files)})`}.`)
    return
  }
  summary.text(headline(solution))
  findings(summary, changes)
  for (const [title, group] of groups(changes)) summary.folded(title, (body) => groupTable(body, group))
  if (unexplained.length > 0)
    summary.folded(`Not explained · ${counted(unexplained.length, 'file')}`, (body) =>
      body.list(unexplained.map(({ file, change }) => `${file} (${change})`)),
    )
  if (solution.suggestedVersion !== null) summary.text(`Suggested version: ${solution.suggestedVersion}`)
}

function titleOf({ name, folder, base, head }: ComparedSolution): string {
  const where = folder === '' || folder === '.' ? '' : ` (${folder})`
  if (base === null) return `${name} ${head?.version ?? ''} is new${where}`
  if (head === null) return `${name} ${base.version} is gone${where}`
  return base.version === head.version
    ? `${name} ${head.version}${where}`
    : `${name} ${base.version} → ${head.version}${where}`
}

function noise(files: number): string {
  return `${counted(files, 'file')} of noise left out`
}

const SAID: readonly (readonly [
  effects: readonly EffectKind[],
  level: Effect['level'] | undefined,
  said: (count: number) => string,
])[] = [
  [
    ['data-loss', 'import-fails'],
    'error',
    (count) => `${counted(count, 'change')} will lose data or be refused`,
  ],
  [['breaks'], undefined, (count) => `${counted(count, 'change')} can break something`],
  [
    ['widens-access'],
    undefined,
    (count) => `${counted(count, 'change')} widens access`.replace(/changes widens/, 'changes widen'),
  ],
  [['needs-settings'], undefined, (count) => `${counted(count, 'setting')} to give`],
  [['needs-rights'], undefined, (count) => `${counted(count, 'change')} users need rights for`],
]

/** What one may stop reading after. */
function headline({ changes, quiet }: SolutionDiff): string {
  const effects = changes.flatMap((change) => change.effects)
  const said = SAID.flatMap(([kinds, level, words]) => {
    const count = effects.filter(
      (effect) => kinds.includes(effect.effect) && (level === undefined || effect.level === level),
    ).length
    return count === 0 ? [] : [words(count)]
  })
  const properties = changes.reduce((sum, { properties: own }) => sum + Math.max(own.length, 1), 0)
  return [
    ...said,
    `${counted(properties, 'change')} in ${counted(changes.length, 'component')}`,
    ...(quiet.files === 0 ? [] : [noise(quiet.files)]),
  ].join(' · ')
}

const SIGNS: Readonly<Record<EffectKind, string>> = {
  'data-loss': '🛑',
  'import-fails': '🛑',
  breaks: '⚠️',
  'widens-access': '🔓',
  'needs-settings': '🔧',
  'needs-rights': '🔑',
}

/** Losses and failures first. */
function findings(body: SummaryBody, changes: readonly Change[]): void {
  const all = changes
    .flatMap(({ effects }) => effects)
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  if (all.length === 0) return
  const byRule = new Map<string, Effect[]>()
  for (const effect of all) byRule.set(effect.rule, [...(byRule.get(effect.rule) ?? []), effect])
  const lines = [...byRule.values()].flatMap(linesOf)
  body.list([
    ...lines.slice(0, MOST_FINDINGS),
    ...(lines.length > MOST_FINDINGS ? [`and ${lines.length - MOST_FINDINGS} more, in the report`] : []),
  ])
}

/** Of what the same rule finds again and again the first is told, and the others are counted. */
function linesOf(effects: readonly Effect[]): Explained[] {
  const shown = effects.length > MOST_ALIKE ? effects.slice(0, 1) : effects
  const others = effects.length - shown.length
  return shown.map(({ effect, reason, advice, rule }) => ({
    text: `${SIGNS[effect]} ${reason}${others === 0 ? '' : ` The same is so for ${others} more.`} ${advice}`,
    page: `docs/diff-rules.md#${rule}`,
  }))
}

/** What stands together for a reader, whatever files it lies in. */
const AREAS: readonly (readonly [title: string, kinds: readonly ComponentKind[]])[] = [
  ['Security', ['security-role', 'column-security-profile']],
  [
    'Processes',
    [
      'cloud-flow',
      'classic-workflow',
      'dialog',
      'business-rule',
      'custom-action',
      'business-process-flow',
      'desktop-flow',
    ],
  ],
  ['Apps', ['model-driven-app', 'site-map', 'canvas-app', 'command', 'dashboard']],
  [
    'Code',
    [
      'web-resource',
      'plug-in-assembly',
      'plug-in-package',
      'plug-in-step',
      'service-endpoint',
      'custom-api',
      'code-component',
      'custom-connector',
    ],
  ],
  ['Settings', ['environment-variable', 'connection-reference']],
  ['Agents', ['agent', 'agent-component', 'ai-model']],
]

/** Changes by table, then by area. */
function groups(changes: readonly Change[]): [title: string, changes: readonly Change[]][] {
  const tables = new Map<string, { name: string; changes: Change[] }>()
  const areas = new Map<string, Change[]>()
  for (const change of changes) {
    const table =
      change.kind === 'table' ? change : change.parent?.kind === 'table' ? change.parent : undefined
    if (table !== undefined) {
      const group = tables.get(table.id) ?? { name: table.name, changes: [] }
      tables.set(table.id, group)
      group.changes.push(change)
      continue
    }
    const title = AREAS.find(([, kinds]) => kinds.includes(change.kind))?.[0] ?? 'Others'
    const area = areas.get(title) ?? []
    areas.set(title, area)
    area.push(change)
  }
  return [
    ...[...tables.values()].map((group): [string, Change[]] => [
      `${group.name} · ${kindsOf(group.changes)}`,
      group.changes,
    ]),
    ...[...AREAS.map(([title]) => title), 'Others'].flatMap((title): [string, Change[]][] => {
      const own = areas.get(title)
      return own === undefined ? [] : [[`${title} · ${kindsOf(own)}`, own]]
    }),
  ]
}

function spoken(kind: ComponentKind): string {
  return kind.replaceAll('-', ' ')
}

function kindsOf(changes: readonly Change[]): string {
  const counts = new Map<ComponentKind, number>()
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => counted(count, spoken(kind))).join(', ')
}

const MARKS = { added: '＋', changed: '～', removed: '－' } as const

function groupTable(body: SummaryBody, changes: readonly Change[]): void {
  const rows = changes.flatMap((change): (readonly Cell[])[] => {
    const head = `${MARKS[change.change]} ${spoken(change.kind)}`
    if (change.change !== 'changed') {
      const about = change.properties
        .map(({ label, base, head: now }) => `${label}: ${now ?? base ?? ''}`)
        .join(', ')
      const cells = change.change === 'added' ? ['', about] : [about, '']
      return [[head, change.name, ...cells]]
    }
    return change.properties.map((property, at) => [
      at === 0 ? head : '',
      at === 0 ? `${change.name} · ${property.label}` : property.label,
      ...valuesOf(property),
    ])
  })
  body.table(['', '', 'before', 'after'], rows)
  for (const { name, properties } of changes)
    for (const { label, text } of properties)
      if (text !== undefined) body.difference(`${name} · ${label}`, text)
}

function valuesOf({ base, head }: Property): readonly [Cell, Cell] {
  return [base ?? '', head ?? '']
}
