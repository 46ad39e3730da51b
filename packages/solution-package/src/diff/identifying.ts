import type { ChangeType, ComponentKind, Property } from './report.ts'

/** What says what a component is, by the labels of its properties; everything else of a new or lost one is left out. */
const IDENTIFYING: Readonly<Partial<Record<ComponentKind, readonly string[]>>> = {
  table: ['Record ownership', 'Type: activity'],
  column: ['Data type', 'Required', 'Behavior', 'Sync with global choice', 'Related table'],
  key: ['Column'],
  relationship: [
    'Type',
    'Primary table',
    'Related table',
    'Lookup column',
    'First table',
    'Second table',
    'Delete',
  ],
  view: ['Type of view'],
  'cloud-flow': ['Status'],
  'classic-workflow': ['Table', 'Status'],
  'business-rule': ['Table', 'Status'],
  'business-process-flow': ['Table', 'Status'],
  'custom-action': ['Table', 'Status'],
  'web-resource': ['Type'],
  'plug-in-step': ['Table', 'Stage', 'Run'],
  'custom-api': ['Binding', 'Bound table'],
  'environment-variable': ['Type', 'Default value', 'Value required'],
  'connection-reference': ['Connector'],
  'canvas-app': ['Type'],
  'custom-connector': ['Description'],
  'site-component': ['Type'],
}

/** The properties of a component that is new or gone. */
export function identifying(
  kind: ComponentKind,
  properties: readonly Property[],
  change: Exclude<ChangeType, 'changed'> | ChangeType,
): Property[] {
  const wanted = IDENTIFYING[kind] ?? []
  return properties.filter(
    ({ label, base, head }) => wanted.includes(label) && (change === 'removed' ? base : head) !== null,
  )
}
