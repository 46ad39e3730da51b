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
