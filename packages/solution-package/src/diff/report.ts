import type { PackageType } from '../package-type.ts'

/** The kinds of components that a report names. The names are a contract, the rules stand in docs/diff-rules.md. */
export const COMPONENT_KINDS = [
  'solution',
  'table',
  'column',
  'key',
  'relationship',
  'form',
  'view',
  'chart',
  'dashboard',
  'ribbon',
  'choice',
  'security-role',
  'column-security-profile',
  'connection-role',
  'cloud-flow',
  'classic-workflow',
  'dialog',
  'business-rule',
  'custom-action',
  'business-process-flow',
  'desktop-flow',
  'web-resource',
  'plug-in-assembly',
  'plug-in-package',
  'plug-in-step',
  'service-endpoint',
  'custom-api',
  'model-driven-app',
  'site-map',
  'canvas-app',
  'environment-variable',
  'connection-reference',
  'custom-connector',
  'code-component',
  'agent',
  'agent-component',
  'email-template',
  'report',
  'command',
  'ai-model',
  'mobile-offline-profile',
  'site',
  'site-component',
  'other',
] as const

export type ComponentKind = (typeof COMPONENT_KINDS)[number]

export type ChangeType = 'added' | 'changed' | 'removed'

/** From most to least. */
export const LEVELS = ['error', 'warning', 'notice'] as const

export type Level = (typeof LEVELS)[number]

/** What a change does to those who have the solution. */
export const EFFECT_KINDS = [
  'data-loss',
  'import-fails',
  'breaks',
  'widens-access',
  'needs-settings',
  'needs-rights',
] as const

export type EffectKind = (typeof EFFECT_KINDS)[number]

export interface ComponentName {
  readonly kind: ComponentKind
  /** Lower case, GUIDs without braces. */
  readonly id: string
  /** What people call it: its label in the base language, else its logical name. */
  readonly name: string
}

export interface Property {
  /** In the words of the maker portal. */
  readonly label: string
  /** Where it is in the source; empty for what was counted. */
  readonly path: string
  /** What a person reads; null where it was not there. */
  readonly base: string | null
  readonly head: string | null
  /** The lines that differ of a longer text, each with `-`, `+` or a space before it. */
  readonly text?: readonly string[]
}

export interface Effect {
  /** The id of the rule, such as `column-removed`. */
  readonly rule: string
  readonly effect: EffectKind
  readonly level: Level
  /** One sentence: what happens. */
  readonly reason: string
  /** One sentence: what to do about it. */
  readonly advice: string
  /** The same for the same finding in other commits: it knows rule, component, property and new value. */
  readonly fingerprint: string
}

/** How far a privilege of a security role reaches; a reader needs those beside one that changed. */
export interface Privilege {
  /** The name of the table. */
  readonly table: string
  /** Such as `Append to`. */
  readonly verb: string
  /** That of the property, where it differs. */
  readonly path: string
  /** Null where the role does not have it. */
  readonly base: string | null
  readonly head: string | null
}

/** The tables that a relationship joins. */
export interface Relation {
  readonly type: 'one-to-many' | 'many-to-many'
  /** The one, or the first; its id is the logical name. */
  readonly from: Pick<ComponentName, 'id' | 'name'>
  /** The many, or the second. */
  readonly to: Pick<ComponentName, 'id' | 'name'>
  /** The column of the many that holds the one. */
  readonly lookup?: string
}

/** A relationship that did not change, between tables that did. */
export interface StandingRelation extends Relation {
  /** The schema name in lower case. */
  readonly id: string
}

export interface Change extends ComponentName {
  readonly parent?: ComponentName
  readonly change: ChangeType
  readonly properties: readonly Property[]
  /** Of a role: all privileges on the tables of which one changed. */
  readonly privileges?: readonly Privilege[]
  /** Of a relationship. */
  readonly relation?: Relation
  readonly effects: readonly Effect[]
  /** The files that differ, of both sides, sorted. */
  readonly files: readonly string[]
}

interface UnexplainedFile {
  readonly file: string
  readonly change: ChangeType
}

export interface SideSummary {
  readonly version: string
  readonly packageType: PackageType
  readonly format: 'xml' | 'yaml'
}

/** What differs between two versions of a solution. */
export interface SolutionDiff {
  /** The unique name. */
  readonly name: string
  /** Null where the solution is not there. */
  readonly base: SideSummary | null
  readonly head: SideSummary | null
  readonly changes: readonly Change[]
  /** What else joins the tables that changed; empty when more than a reader can oversee did. */
  readonly relations: readonly StandingRelation[]
  readonly unexplained: readonly UnexplainedFile[]
  /** Files whose differences mean nothing, with the reasons and how many files each accounts for. */
  readonly quiet: { readonly files: number; readonly reasons: Readonly<Record<string, number>> }
  /** The version that fits what changed; null without a head. */
  readonly suggestedVersion: string | null
}
