import type { Row } from '../../store/row.ts'
import type { XmlElement } from '@dsa/solution-package'

/** What is read from the element that defines a component. */
export interface Definition {
  readonly id?: string
  readonly name: string
  readonly displayName?: string
  readonly row?: Row
}

/**
 * One kind of component: its number, its name in layers, where customizations.xml defines it, how an element is
 * read, and the table whose rows such components are. Adding a kind is adding a row.
 */
export interface ComponentKind {
  readonly type: number
  readonly name: string
  /** Element names from the parent's element down to the component's own. */
  readonly path: readonly string[]
  readonly read: (element: XmlElement) => Definition
  /** Identified by its guid; else by its name. */
  readonly byId?: boolean
  readonly table?: string
  /** Kinds that stand within this one. */
  readonly children?: readonly ComponentKind[]
  /** Section and element of the import job's result. */
  readonly result: readonly [string, string]
  /** Managed layers merge with the unmanaged one; overwriting leaves it. */
  readonly merges?: boolean
}

export function textIn(element: XmlElement, name: string): string | undefined {
  const text = element.element(name)?.text
  return text === undefined || text === '' ? undefined : text
}

export function numberIn(element: XmlElement, name: string): number | undefined {
  const text = textIn(element, name)
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text)
}

/** `<LocalizedNames><LocalizedName description="…"/>` and its like: the first one. */
export function labelIn(
  element: XmlElement,
  list = 'LocalizedNames',
  item = 'LocalizedName',
): string | undefined {
  return element.element(list)?.element(item)?.attribute('description')
}

/** Leaves out what the definition does not state. */
export function stated(values: Readonly<Record<string, Row[string] | undefined>>): Row {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

export function stringId(id: string | undefined): { id?: string } {
  return id === undefined ? {} : { id }
}

/** Reads kinds whose element has id and name as attributes. */
export function byAttributes(
  id: string,
  name: string,
  row?: (element: XmlElement) => Row,
): ComponentKind['read'] {
  return (element) => ({
    ...stringId(element.attribute(id)),
    name: element.attribute(name) ?? element.attribute(id) ?? '',
    ...(row === undefined ? {} : { row: row(element) }),
  })
}
