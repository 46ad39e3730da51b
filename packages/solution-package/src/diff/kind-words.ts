import { counted } from '@dsa/user-error'
import type { ComponentKind } from './report.ts'

/** Kinds as people say them, where that is more than their id with spaces; the plural where it is not with an s. */
const SPOKEN: Readonly<Partial<Record<ComponentKind, readonly [one: string, many?: string]>>> = {
  'custom-api': ['custom API'],
  'plug-in-assembly': ['plug-in assembly', 'plug-in assemblies'],
  'plug-in-package': ['plug-in package'],
  'plug-in-step': ['plug-in step'],
  'model-driven-app': ['model-driven app'],
  'email-template': ['e-mail template'],
  'ai-model': ['AI model'],
  'agent-component': ['component of an agent', 'components of agents'],
  site: ['Power Pages site'],
  'site-component': ['component of a site', 'components of sites'],
  other: ['other'],
}

/** Such as `security role`. */
export function spoken(kind: ComponentKind): string {
  return SPOKEN[kind]?.[0] ?? kind.replaceAll('-', ' ')
}

/** Such as `3 columns`. */
export function countedKind(kind: ComponentKind, count: number): string {
  return counted(count, spoken(kind), SPOKEN[kind]?.[1])
}
