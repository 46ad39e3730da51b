import { listed } from '@dsa/user-error'
import { type Effect, type EffectKind, LEVELS } from '@dsa/solution-package/diff'
import { openEffects, type ReportedChange, type ReportedEffect } from './diff-report.ts'
import { bold, code, plain, shortIds } from './text.ts'

/** More findings than a reader takes in are counted, and are in the report. */
const MOST_LINES = 10
/** Of what one rule finds again and again the first are told, so that the others have room. */
const MOST_ALIKE = 3
const MOST_NAMES = 5

/** In the order in which they are told, each with its sign. */
const SIGNS: Readonly<Record<EffectKind, string>> = {
  'data-loss': '🛑',
  'import-fails': '🛑',
  breaks: '⚠️',
  'widens-access': '🔓',
  'needs-rights': '🔑',
  'needs-settings': '🔧',
}

const ORDER = Object.keys(SIGNS)

interface Found {
  readonly change: ReportedChange
  readonly effect: ReportedEffect
}

/** Settings that every environment gives are one line, by what each needs. */
const SETTINGS: Readonly<Record<string, string>> = {
  'env-var-needs-value': 'a value to',
  'connref-needs-connection': 'a connection to',
}

/**
 * What the changes do, as a list: losses and failures first, never more than ten lines.
 *
 * @param pageOf the address of a rule's page
 * @param most lines
 * @param rest where the others are, as Markdown
 */
export function findings(
  changes: readonly ReportedChange[],
  pageOf: (rule: string) => string,
  rest: string,
  most = MOST_LINES,
): string {
  const all = changes
    .flatMap((change) => openEffects(change).map((effect): Found => ({ change, effect })))
    .toSorted((a, b) => rank(a.effect) - rank(b.effect))
  if (all.length === 0) return ''
  const settings = all.filter(({ effect }) => effect.rule in SETTINGS)
  const groups = grouped(all.filter(({ effect }) => !(effect.rule in SETTINGS)))
  const isCrowded = groups.length + Number(settings.length > 0) > most
  const seen = new Map<string, number>()
  const lines: string[] = []
  let told = 0
  for (const group of groups) {
    const [{ effect }] = group
    const before = seen.get(effect.rule) ?? 0
    if (lines.length >= most || (isCrowded && before >= MOST_ALIKE)) continue
    seen.set(effect.rule, before + 1)
    told += group.length
    lines.push(line(group, pageOf, before === 0))
  }
  if (settings.length > 0 && lines.length < most) {
    told += settings.length
    lines.push(settingsLine(settings, pageOf))
  }
  if (told < all.length) lines.push(`and ${all.length - told} more, ${rest}`)
  return `${lines.map((text) => `- ${text}\n`).join('')}\n`
}

type Group = readonly [Found, ...Found[]]

/** Of one component and rule each finding by itself, or all as one where they are many, such as privileges of a role. */
function grouped(all: readonly Found[]): readonly Group[] {
  const byOrigin = new Map<string, [Found, ...Found[]]>()
  for (const found of all) {
    const key = JSON.stringify([found.effect.rule, found.change.kind, found.change.id])
    const group = byOrigin.get(key)
    if (group === undefined) byOrigin.set(key, [found])
    else group.push(found)
  }
  return [...byOrigin.values()].flatMap((group): readonly Group[] =>
    group.length > MOST_ALIKE ? [group] : group.map((found): Group => [found]),
  )
}

/** What is certain, then by what it does, then by how likely it is. */
function rank({ level, effect }: Effect): number {
  return (level === 'error' ? 0 : 100) + ORDER.indexOf(effect) * 10 + LEVELS.indexOf(level)
}

/** What to do, and the page, stand with the first finding of a rule alone. */
function line(
  [{ effect: shown, change }, ...others]: Group,
  pageOf: (rule: string) => string,
  first: boolean,
): string {
  const { effect, reason, advice, rule, fingerprint, acceptedUntil } = shown
  const expired = acceptedUntil === undefined ? '' : ` It was accepted until ${plain(acceptedUntil)}.`
  const alike = others.length === 0 ? '' : ` And ${others.length} more of ${bold(change.name)}.`
  const more = first ? ` ${plain(advice, 'sentence')} [${rule}](${pageOf(rule)})` : ''
  return `${SIGNS[effect]} ${bold(shortIds(reason), 'sentence')}${alike}${expired}${more} ${code(fingerprint)}`
}

function settingsLine(found: readonly Found[], pageOf: (rule: string) => string): string {
  const needs = Object.entries(SETTINGS).flatMap(([rule, what]) => {
    const names = found
      .filter(({ effect }) => effect.rule === rule)
      .map(({ change, effect }) => `${bold(change.name, 'name')} ${code(effect.fingerprint)}`)
    if (names.length === 0) return []
    const shown =
      names.length > MOST_NAMES
        ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} others`]
        : names
    return [{ text: `${what} ${listed(shown)}`, rule }]
  })
  const pages = needs.map(({ rule }) => `[${rule}](${pageOf(rule)})`).join(' ')
  return `${SIGNS['needs-settings']} Each environment gives ${listed(needs.map(({ text }) => text))}. ${pages}`
}

/** Findings that the pull request itself accepts: its reviewer accepts them too. */
export function newlyAccepted(changes: readonly ReportedChange[], rest: string): string {
  const all = changes.flatMap(({ effects }) =>
    effects.flatMap(({ reason, accepted, fingerprint }) =>
      accepted?.isNew === true
        ? [`${plain(shortIds(reason), 'sentence')} ${bold(accepted.reason, 'sentence')} ${code(fingerprint)}`]
        : [],
    ),
  )
  if (all.length === 0) return ''
  const shown = all.slice(0, MOST_LINES)
  const more = all.length - shown.length
  const lines = [...shown, ...(more > 0 ? [`and ${more} more, ${rest}`] : [])]
  return `Accepted by this pull request, with its reasons:\n\n${lines.map((text) => `- ☑️ ${text}\n`).join('')}\n`
}
