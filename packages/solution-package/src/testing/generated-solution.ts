import fc from 'fast-check'
import { rootTypeOf } from '../model/kind-of.ts'
import { KINDS } from '../model/kinds.ts'
import type { ItemsKind, Kind, Requirement } from '../model/kind.ts'
import { templateLookups } from '../sources/xml/path-template.ts'
import { archiveFiles, escape, type SolutionFixture } from './solution.ts'

/** A solution with items of each kind, made from the table of kinds itself. */
export interface GeneratedSolution {
  /** Items of each section, as XML. */
  readonly sections: readonly (readonly [section: string, items: readonly string[]])[]
  readonly rootComponents: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

function guid(n: number): string {
  return `{00000000-0000-4000-8000-${String(n).padStart(12, '0')}}`
}

/** Each item gets a number of its own, which makes its names different from those of all others. */
function item(
  kind: ItemsKind,
  n: number,
  text: string,
): { xml: string; root: string; files: Record<string, string> } {
  const values = new Map<string, string>()
  const lookups = [
    ...templateLookups(kind.path),
    ...(kind.requires ?? []).map(({ at }) => at),
    ...[kind.rootComponent?.id, kind.rootComponent?.schemaName].filter((lookup) => lookup !== undefined),
    ...(kind.files ?? []).map(({ named }) => named),
  ]
  for (const lookup of lookups) {
    const first = lookup.split('|')[0] ?? ''
    if (!/^\/\/|^\*$/.test(first)) values.set(first, valueFor(kind, first, n))
  }
  const files: Record<string, string> = {}
  for (const { rule, named } of kind.files ?? []) {
    const name = values.get(named.split('|')[0] ?? '')
    if (name !== undefined) files[name.slice(1)] = rule === 'named' ? text : '<manifest />'
  }
  const attributes = [...values].filter(([lookup]) => lookup.startsWith('@'))
  const children = [...values].filter(([lookup]) => !lookup.startsWith('@'))
  const parts = (kind.parts ?? []).map(({ at, path }, i) => {
    const ids = templateLookups(path).map((lookup) => `<${lookup}>${guid(n * 10 + i)}</${lookup}>`)
    const inner = at.toReversed().reduce((xml, name) => {
      const type = name === 'forms' ? ' type="main"' : ''
      return xml === ''
        ? `<${name}>${ids.join('')}<v>${escape(text)}</v></${name}>`
        : `<${name}${type}>${xml}</${name}>`
    }, '')
    return inner
  })
  const sorted =
    kind.sort === undefined ? '' : `<${kind.sort.child}><c type="2" /><c type="1" /></${kind.sort.child}>`
  const attributeText = attributes.map(([lookup, value]) => ` ${lookup.slice(1)}="${escape(value)}"`).join('')
  const childText = children.map(([lookup, value]) => `<${lookup}>${escape(value)}</${lookup}>`).join('')
  const xml = `<${kind.item}${attributeText}>${childText}<v>${escape(text)}</v>${parts.join('')}${sorted}</${kind.item}>`
  const rule = kind.rootComponent
  const named = [rule?.schemaName, rule?.id].find((lookup) => lookup !== undefined && values.has(lookup))
  const key = named === rule?.schemaName ? 'schemaName' : 'id'
  const root =
    rule === undefined || named === undefined
      ? ''
      : `<RootComponent type="${rootTypeOf(kind)}" ${key}="${escape(values.get(named) ?? '')}" />`
  return { xml, root, files }
}

function valueFor(kind: ItemsKind, lookup: string, n: number): string {
  const is: Requirement['is'] | undefined = kind.requires?.find(({ at }) => at === lookup)?.is
  if (is === 'assembly-name') return `Gear.Core${n}, Version=1.0.0.0`
  if (is === 'guid' || /id$/i.test(lookup)) return guid(n)
  const folder = kind.claims[0] ?? kind.section
  if (lookup === 'LanguageCode') return '1031'
  if (/Uri$|FileName$|^file$/.test(lookup)) return `/${folder}/item${n}/${lookup}${n}.bin`
  return `gear_Item${n}`
}

const text = fc.constantFrom('plain', 'a < b & c', '', 'Größe “é” 日本', ' spaced ', ']]>', 'line\nbreak')

/** Generates solutions with up to two items of each kind whose items become files. */
export const generatedSolution: fc.Arbitrary<GeneratedSolution> = fc
  .array(fc.tuple(fc.nat({ max: 2 }), text), { minLength: KINDS.length, maxLength: KINDS.length })
  .map((choices) => {
    let n = 1
    const sections: [string, string[]][] = []
    const roots: string[] = []
    const files: Record<string, string> = { 'customapis/gear_Do/customapi.xml': '<customapi />' }
    for (const [i, kind] of KINDS.entries()) {
      const [count, content] = choices[i] ?? [0, '']
      if (kind.layout !== 'items') {
        sections.push([kind.section, count === 0 ? [] : [sampleOf(kind)]])
        if (count > 0 && kind.section === 'SiteMap') roots.push('<RootComponent type="62" />')
        continue
      }
      const made = Array.from({ length: count }, () => item(kind, n++, content))
      sections.push([kind.section, made.map(({ xml }) => xml)])
      roots.push(...made.map(({ root }) => root).filter((root) => root !== ''))
      for (const { files: own } of made) Object.assign(files, own)
    }
    sections.push(['Gizmos', ['<Gizmo><Name>b</Name></Gizmo>', '<Gizmo><Name>a</Name></Gizmo>']])
    sections.push(['KeptGizmos', ['<x><y>1</y></x>']])
    return { sections, rootComponents: roots, files }
  })

function sampleOf(kind: Kind): string {
  switch (kind.section) {
    case 'EntityRelationships':
      return ['b', 'a', 'c']
        .map((name) => {
          const entity = name === 'c' ? 'account' : 'gear_thing'
          return `<EntityRelationship Name="${name}"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>${entity}</ReferencedEntityName></EntityRelationship>`
        })
        .join('')
    case 'Templates':
      return '<KBArticleTemplates><kbarticletemplate><kbarticletemplateid>1</kbarticletemplateid><formatxml>&lt;f/&gt;</formatxml><structurexml></structurexml><languagecode>1033</languagecode></kbarticletemplate></KBArticleTemplates><EmailTemplates></EmailTemplates>'
    case 'FieldSecurityProfiles':
      return '<FieldSecurityProfile name="p" />'
    case 'EntityMaps':
      return '<EntityMap><EntitySource>a</EntitySource><EntityTarget>b</EntityTarget></EntityMap>'
    case 'ConnectionRoles':
      return '<ConnectionRoles />'
    case 'Reports':
      return '<ReportSignatureIdMappings /><Report><languagecode>1033</languagecode><reportid>{r}</reportid><reporttypecode>3</reporttypecode></Report>'
    default:
      return '<v>1</v>'
  }
}

/** The fixture of a generated solution, with what has no order put in by the given ranks. */
function fixtureOf(solution: GeneratedSolution, ranks: readonly number[] = []): SolutionFixture {
  const sections = solution.sections.map(([name, items]) => {
    const xml = permuted(items, ranks).join('')
    return xml === '' && (name === 'ConnectionRoles' || name === 'RibbonDiffXml')
      ? ''
      : `<${name}>${xml}</${name}>`
  })
  return {
    customizations: `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${sections.join('\n')}</ImportExportXml>`,
    rootComponents: permuted(solution.rootComponents, ranks).join(''),
    files: Object.fromEntries(permuted(Object.entries(solution.files), ranks)),
  }
}

export function filesOfGenerated(
  solution: GeneratedSolution,
  ranks: readonly number[] = [],
): Record<string, string> {
  return Object.fromEntries(permuted(Object.entries(archiveFiles(fixtureOf(solution, ranks))), ranks))
}

function permuted<T>(items: readonly T[], ranks: readonly number[]): T[] {
  const ranked = items.map((entry, i) => ({ entry, rank: ranks[i % Math.max(ranks.length, 1)] ?? 0, i }))
  return ranked.toSorted((a, b) => a.rank - b.rank || a.i - b.i).map(({ entry }) => entry)
}
