import type { GenericKind, Kind } from './kind.ts'
import { KINDS } from './kinds.ts'

/** A kind that has a layout of its own. */
export type LaidOutKind = Exclude<Kind, GenericKind>

const bySection = new Map(KINDS.map((kind) => [kind.section, kind]))

/** The row of a section of customizations.xml, if there is one. */
export function kindOf(section: string): Kind | undefined {
  return bySection.get(section)
}

/** The kind that says how a section is laid out, or undefined for one that is laid out like any other. */
export function layoutOf(section: string): LaidOutKind | undefined {
  const kind = bySection.get(section)
  return kind?.layout === 'generic' ? undefined : kind
}

const claimed: ReadonlySet<string> = new Set(
  KINDS.flatMap(({ section, claims }) => [section, ...claims]).map((folder) => folder.toLowerCase()),
)

/** Whether a file lies in a folder that belongs to a section of customizations.xml, in an archive or a tree. */
export function isOfSection(path: string): boolean {
  return claimed.has(path.slice(0, Math.max(path.indexOf('/'), 0)).toLowerCase())
}

/** The type of a kind's root components, as solution.xml writes it. */
export function rootTypeOf({ components: [item], rootComponent }: Kind): string | undefined {
  return rootComponent === undefined || item?.type === undefined ? undefined : String(item.type)
}

/** Types of the components that a solution lists as roots under the name or the id that their definitions have. */
export function rootComponentTypes(): readonly number[] {
  return KINDS.flatMap(({ components: [item], rootComponent }) =>
    rootComponent === undefined || item?.type === undefined ? [] : [item.type],
  )
}
