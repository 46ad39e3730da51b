import type { XmlElement } from '../../xml/index.ts'
import type { Fact, QuietReason } from './fact.ts'
import { textFact } from './text-fact.ts'
import { humanized, plainId } from './words.ts'

/** How a value is called, shown, and when it means nothing. */
export interface ValueRule {
  readonly label: string
  /** What a person reads for a value. */
  readonly values?: Readonly<Record<string, string>>
  readonly silent?: readonly string[] | 'any'
  readonly quiet?: QuietReason
  /** Says the same as another value, such as a name without a language. */
  readonly echo?: true
  /** Case and order of its parts mean nothing, which stand apart by this. */
  readonly set?: string
  /** An id: braces and case mean nothing. */
  readonly isId?: true
  /** Says something by being there, and holds nothing. */
  readonly isFlag?: true
}

/** Elements that are parts of a component, each with a name of its own. */
interface PartRule {
  /** What one is called, such as `Option`. */
  readonly part: string
  /** What it is known by: attributes (`@value`) or children; of several all that are there. */
  readonly by: readonly string[]
  /** What people call it, when that is not what it is known by. */
  readonly named?: string
  readonly values?: Readonly<Record<string, string>>
  readonly silent?: readonly string[]
}

/** An element whose children's order has a meaning, called so. */
interface OrderRule {
  readonly label: string
  readonly order: string
}

/** What is told elsewhere: by another component, or by facts of its own. */
export const ELSEWHERE = Symbol('elsewhere')

type Rule = string | ValueRule | PartRule | OrderRule | typeof ELSEWHERE

/**
 * Rules by the path from the component's element, such as `options/option/@Color`; `//IntroducedVersion` is that
 * element or attribute anywhere. What has no rule is told by its own name: nothing is left out.
 */
export type XmlRules = Readonly<Record<string, Rule>>

export interface XmlScope {
  readonly rules: XmlRules
  /** The solution's base language, whose labels stand for all. */
  readonly language: string
}

/** Attributes by which elements are told apart, where no rule says it. */
const IDENTITIES = ['Id', 'id', 'Name', 'name', 'schemaName', 'uniquename', 'value', 'key'] as const
const LANGUAGES = ['languagecode', 'LCID'] as const
const TEXTS = ['description', 'Title', 'text'] as const

/** What an element says: its attributes, its text, its children. */
export function xmlFacts(element: XmlElement, scope: XmlScope, path = '', place = ''): Fact[] {
  return factsOf(element, statedAttributes(element), scope, path, place)
}

function statedAttributes(element: XmlElement): ReadonlyMap<string, string> {
  return new Map(
    element.attributes
      .filter(({ name }) => !name.startsWith('xmlns') && !name.startsWith('xsi:'))
      .map(({ name, value }) => [name, value]),
  )
}

function factsOf(
  element: XmlElement,
  attributes: ReadonlyMap<string, string>,
  scope: XmlScope,
  path: string,
  place: string,
): Fact[] {
  const facts: Fact[] = []
  for (const [name, value] of attributes) {
    const rule = ruleFor(`@${name}`, join(place, `@${name}`), scope)
    if (rule === ELSEWHERE) continue
    facts.push(ruled(`@${name}`, rule, join(path, `@${name}`), value))
  }
  const children = element.elements()
  const own = ownText(element, children)
  if (children.length === 0 || own !== '') facts.push(...contentOf(element, own, scope, path, place))
  for (const child of children) facts.push(...childFacts(child, scope, path, place))
  return unique(facts)
}

function contentOf(element: XmlElement, own: string, scope: XmlScope, path: string, place: string): Fact[] {
  if (own === '') return []
  const rule = ruleFor(element.name, place, scope)
  const label = typeof rule === 'object' && 'label' in rule ? rule : humanized(element.name)
  return [ruled('.', label, path, own)]
}

function childFacts(child: XmlElement, scope: XmlScope, path: string, place: string): Fact[] {
  const { name } = child
  const inPlace = join(place, name)
  const rule = ruleFor(name, inPlace, scope)
  if (rule === ELSEWHERE) return []
  const labels = labelFacts(child, rule, scope, join(path, name))
  if (labels !== undefined) return [{ key: name, label: name, path: join(path, name), facts: labels }]
  const attributes = statedAttributes(child)
  if (attributes.size === 0 && child.elements().length === 0) {
    const isFlag = typeof rule === 'object' && 'isFlag' in rule && child.text.trim() === ''
    const fact = ruled(name, rule, join(path, name), isFlag ? 'Yes' : child.text)
    return [{ ...fact, anonymous: true }]
  }
  const identity = identityOf(child, attributes, rule)
  const own = identity === undefined ? join(path, name) : join(path, `${name}[${identity.key}]`)
  const facts = factsOf(child, attributes, scope, own, inPlace)
  const label = typeof rule === 'object' && 'part' in rule ? rule.part : labelOf(rule, name)
  const fact = { label, path: own, facts, ...saidBy(rule) }
  if (identity === undefined) return [{ ...fact, key: name, anonymous: true }]
  return [
    {
      ...fact,
      key: `${name}[${identity.key}]`,
      label: `${label} ${identity.name}`,
      shown: identity.name,
      isPart: true,
    },
  ]
}

/** What a rule says of the facts that it makes. */
function saidBy(rule: Rule | undefined): Pick<Fact, 'quiet' | 'silent' | 'order' | 'echo'> {
  if (typeof rule !== 'object') return {}
  return {
    ...('quiet' in rule && rule.quiet !== undefined && { quiet: rule.quiet }),
    ...('silent' in rule && rule.silent !== undefined && { silent: rule.silent }),
    ...('echo' in rule && rule.echo !== undefined && { echo: rule.echo }),
    ...('order' in rule && { order: rule.order }),
  }
}

interface Identity {
  readonly key: string
  readonly name: string
}

function identityOf(
  element: XmlElement,
  attributes: ReadonlyMap<string, string>,
  rule: Rule | undefined,
): Identity | undefined {
  if (typeof rule === 'object' && 'part' in rule) {
    const parts = rule.by.flatMap(
      (at) => (at.startsWith('@') ? attributes.get(at.slice(1)) : lookUp(element, at)) ?? [],
    )
    if (parts.length === 0) return undefined
    const key = parts.join(' ').toLowerCase()
    const named = rule.named === undefined ? undefined : nameAt(element, rule.named)
    const shown = parts.map((part) => rule.values?.[part] ?? part).join(' ')
    return { key, name: named === undefined || named === '' ? shown : named }
  }
  // An element that a rule calls something, and not a part, is one of its name.
  if (rule !== undefined) return undefined
  for (const at of IDENTITIES) {
    const value = attributes.get(at)
    if (value !== undefined && value !== '') return { key: value.toLowerCase(), name: value }
  }
  return undefined
}

function lookUp(element: XmlElement, at: string): string | undefined {
  if (at.startsWith('@')) return element.attribute(at.slice(1))
  return element.element(at)?.text.trim()
}

/** A name by path: `labels` is the first label of that container, in the order of the file. */
function nameAt(element: XmlElement, at: string): string | undefined {
  const direct = lookUp(element, at)
  if (direct !== undefined && direct !== '') return direct
  return at.startsWith('@') ? undefined : labelTexts(element.element(at)).values().next().value
}

/** The texts of a container of labels by language, or nothing when it is no such container. */
function labelTexts(container: XmlElement | undefined): Map<string, string> {
  const texts = new Map<string, string>()
  for (const label of container?.elements() ?? []) {
    const [language, text] = labelOfItem((name) => label.attribute(name))
    if (language === undefined || text === undefined) return new Map()
    texts.set(language, text)
  }
  return texts
}

function labelOfItem(
  valueOf: (attribute: string) => string | undefined,
): [language: string | undefined, text: string | undefined] {
  const [language, text] = [LANGUAGES, TEXTS].map((names) =>
    names.map(valueOf).find((value) => value !== undefined),
  )
  return [language, text]
}

/** The label of a container in the base language, else in English, else the first. */
export function labelIn(container: XmlElement | undefined, language: string): string | undefined {
  const texts = labelTexts(container)
  return texts.get(language) ?? texts.get('1033') ?? texts.values().next().value
}

function labelFacts(
  container: XmlElement,
  rule: Rule | undefined,
  scope: XmlScope,
  path: string,
): Fact[] | undefined {
  const { language } = scope
  const texts = labelTexts(container)
  if (texts.size === 0) return undefined
  const label = labelOf(rule, container.name)
  const said = saidBy(rule)
  return unique([
    ...container.elements().flatMap((item) => {
      const own = statedAttributes(item)
      const [code = '', text = ''] = labelOfItem((name) => own.get(name))
      const called = code === language ? label : `${label} (language ${code})`
      const at = `${path}[${code}]`
      const known = [...LANGUAGES, ...TEXTS].filter((name) => own.has(name))
      return [
        textFact(code, called, at, text, said),
        ...[...own]
          .filter(([name]) => !known.some((other) => other === name))
          .map(([name, value]) =>
            ruled(`${code} @${name}`, ruleFor(`@${name}`, '', scope), `${at}/@${name}`, value),
          ),
        ...(item.text.trim() === '' ? [] : [textFact(`${code} text`, called, at, item.text, said)]),
      ]
    }),
    ...[...statedAttributes(container)].map(([name, value]) =>
      name === 'default'
        ? textFact('@default', `${label} (default)`, `${path}/@default`, value, { echo: true })
        : textFact(`@${name}`, `${label} · ${humanized(name)}`, `${path}/@${name}`, value),
    ),
  ])
}

const LABEL_CONTAINERS: Readonly<Record<string, string>> = {
  LocalizedNames: 'Display name',
  LocalizedCollectionNames: 'Plural display name',
  Descriptions: 'Description',
  displaynames: 'Display name',
  displayname: 'Display name',
  labels: 'Label',
  Titles: 'Title',
}

function labelOf(rule: Rule | undefined, name: string): string {
  if (typeof rule === 'string') return rule
  if (typeof rule === 'object' && 'label' in rule) return rule.label
  return LABEL_CONTAINERS[name] ?? humanized(name)
}

function ruled(key: string, rule: Rule | undefined, path: string, value: string): Fact {
  const fact = textFact(key, labelOf(rule, key), path, value, saidBy(rule))
  if (typeof rule !== 'object' || !('label' in rule) || 'order' in rule || fact.raw === undefined) return fact
  const { values, set, isId } = rule
  if (isId === true) {
    const raw = plainId(fact.raw)
    return { ...fact, raw, shown: values?.[raw] ?? raw }
  }
  if (set !== undefined) {
    const items = fact.raw
      .split(set)
      .map((item) => item.trim())
      .filter((item) => item !== '')
    return { ...fact, raw: items.toSorted().join(set), shown: items.join(', ') }
  }
  const shown = values?.[fact.raw]
  return shown === undefined ? fact : { ...fact, shown }
}

/** Set once for all kinds; a kind's own rules come first. */
const COMMON: XmlRules = {
  '//IntroducedVersion': { label: 'Introduced in version', quiet: 'server stamp' },
  '//introducedversion': { label: 'Introduced in version', quiet: 'server stamp' },
  '//@IntroducedVersion': { label: 'Introduced in version', quiet: 'server stamp' },
  '//@solutionaction': { label: 'Action of the managed layer', quiet: 'server stamp' },
  '//@ordinalvalue': { label: 'Position in the managed layer', quiet: 'server stamp' },
  '//@unmodified': { label: 'Unmodified', quiet: 'server stamp' },
  '//@SolutionPackageVersion': { label: 'Version of the format', quiet: 'server stamp' },
  '//@generatedBy': { label: 'Written by', quiet: 'server stamp' },
  '//@OrganizationVersion': { label: 'Version of the environment', quiet: 'server stamp' },
  '//@OrganizationSchemaType': { label: 'Schema of the environment', quiet: 'server stamp' },
  '//@CRMServerServiceabilityVersion': { label: 'Version of the service', quiet: 'server stamp' },
  '//IsCustomizable': { label: 'Allow customizations', values: { '0': 'No', '1': 'Yes' }, silent: ['1'] },
  '//iscustomizable': { label: 'Allow customizations', values: { '0': 'No', '1': 'Yes' }, silent: ['1'] },
}

function ruleFor(name: string, place: string, { rules }: XmlScope): Rule | undefined {
  return rules[place] ?? rules[`//${name}`] ?? COMMON[`//${name}`]
}

/**
 * What elements say that nothing else tells, as it is written.
 *
 * @param told names of children, and of attributes with `@`, that something else tells
 */
export function untoldFact(
  label: string,
  path: string,
  elements: readonly XmlElement[],
  told: readonly string[],
): Fact {
  const left = elements.flatMap((element) => [
    ...element.attributes.flatMap(({ name, value }) =>
      told.includes(`@${name}`) || COMMON[`//@${name}`] !== undefined ? [] : `${name}="${value}"`,
    ),
    ...element.elements().flatMap((child) => (told.includes(child.name) ? [] : child.source.trim())),
  ])
  return textFact(`untold ${label}`, label, path, left.join(' '))
}

function ownText(element: XmlElement, children: readonly XmlElement[]): string {
  if (children.length === 0) return element.text.trim()
  return element
    .otherNodes()
    .filter(({ kind }) => kind === 'text')
    .map(({ source }) => source.trim())
    .join('')
}

/** Neighbours of one key are anonymous, since the key does not tell them apart. */
function unique(facts: Fact[]): Fact[] {
  const counts = new Map<string, number>()
  for (const { key } of facts) counts.set(key, (counts.get(key) ?? 0) + 1)
  return facts.map((fact) =>
    (counts.get(fact.key) ?? 0) > 1
      ? { ...fact, anonymous: true, ...(fact.facts !== undefined && { isPart: true }) }
      : fact,
  )
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}
