import type { ComparedComponent } from '../compared-component.ts'
import type { ComponentKind, EffectKind, Level } from '../report.ts'
import type { Side } from '../side.ts'

/** What a rule found in a change. */
export interface Finding {
  /** One sentence: what happens. */
  readonly reason: string
  /** The property that it is about; empty for the component as a whole. */
  readonly path: string
  /** The new value, which a person who accepted the finding has seen. */
  readonly value: string
  /** Where it is worse than what the rule is mostly about. */
  readonly worse?: { readonly effect: EffectKind; readonly level: Level }
}

/** All that a rule may look at beside the change. */
export interface Surroundings {
  readonly all: readonly ComparedComponent[]
  readonly base: Side | undefined
  readonly head: Side | undefined
  /** The text of a file of the head, read once. */
  readonly textOf: (path: string) => string
}

/** What a change does to those who have the solution. A row is a page of the docs. */
export interface EffectRule {
  /** Never changed once released: accepted findings and configurations name it. */
  readonly id: string
  readonly kinds: readonly ComponentKind[]
  readonly effect: EffectKind
  readonly level: Level
  /** What the page is called. */
  readonly title: string
  /** Why, for the page; the source where the platform documents it. */
  readonly why: string
  /** One sentence. */
  readonly advice: string
  readonly find: (item: ComparedComponent, around: Surroundings) => readonly Finding[]
}
