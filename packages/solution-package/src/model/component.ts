import type { Lookup } from './lookup.ts'

/** What a kind of component is, whatever format its source has. */
export interface ComponentRow {
  /**
   * Number of the component type, as Microsoft documents it for `solutioncomponent.componenttype`. Kinds without one
   * get theirs from each environment, and are known by the name of their table.
   */
  readonly type?: number
  /** What makers call one of it. */
  readonly label: string
  /** What layers and dependencies call it: `msdyn_solutioncomponentname`. */
  readonly platformName: string
  /** Names of elements, from below the section, the folder or the component around it, down to its own. */
  readonly at: readonly string[]
  /** Where its GUID stands. It is then known by that; without one, by its name. */
  readonly id?: Lookup
  /** Where its name stands; of several, with a space between, all are the name. */
  readonly name: Lookup
  /** Where the name for people stands, if it is another one. */
  readonly displayName?: Lookup
  readonly children?: readonly ComponentRow[]
}

/** A component type that is only ever met by its number: its definitions are not looked at. */
export interface NumberedType {
  readonly type: number
  readonly label: string
  readonly platformName: string
}
