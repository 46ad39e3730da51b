import { variableValues } from '../../../model/variable-values.ts'
import type { EffectRule } from '../rule.ts'
import { named, partsAt, valuesAt, when, whole } from '../values.ts'

export const SETTINGS_EFFECTS: readonly EffectRule[] = [
  {
    id: 'env-var-needs-value',
    kinds: ['environment-variable'],
    effect: 'needs-settings',
    level: 'notice',
    title: 'An environment variable needs a value',
    why: 'It has no default value, so each environment must give one.',
    advice: 'Add it to the settings file of each environment.',
    find: (item) => {
      const { base = '', head = '' } = valuesAt(item, 'defaultvalue')
      const isNew = item.change.change === 'added' && head === ''
      return whole(
        isNew || (item.change.change === 'changed' && base !== '' && head === ''),
        `Each environment gives a value to ${named(item)}.`,
      )
    },
  },
  {
    id: 'env-var-type-changed',
    kinds: ['environment-variable'],
    effect: 'breaks',
    level: 'warning',
    title: 'An environment variable has another type',
    why: 'Values that environments gave before may not fit; the platform does not check them.',
    advice: 'Give a new value in each environment.',
    find: (item) =>
      when(
        item,
        ['type'],
        (base) => base !== '',
        () =>
          `Environment variable ${named(item)} has another type; values that environments gave may not fit.`,
      ),
  },
  {
    id: 'env-var-value-in-source',
    kinds: ['environment-variable'],
    effect: 'breaks',
    level: 'notice',
    title: 'A current value is in the source',
    why: 'It goes into every environment, over what was given there.',
    advice: 'Remove the value from the solution before the export.',
    find: (item) =>
      whole(
        item.component.head.some(({ file }) => variableValues(file) !== undefined),
        `Environment variable ${named(item)} has a current value in the source, which goes into every environment.`,
      ),
  },
  {
    id: 'connref-needs-connection',
    kinds: ['connection-reference'],
    effect: 'needs-settings',
    level: 'notice',
    title: 'A connection reference needs a connection',
    why: 'Each environment must give it a connection; flows that use it stay off until then.',
    advice: 'Add it to the settings file of each environment.',
    find: (item) =>
      whole(item.change.change === 'added', `Each environment gives a connection to ${named(item)}.`),
  },
  {
    id: 'connref-connector-changed',
    kinds: ['connection-reference'],
    effect: 'needs-settings',
    level: 'warning',
    title: 'A connection reference has another connector',
    why: 'The connection that environments gave does not fit any more.',
    advice: 'Give a connection of the new connector in each environment.',
    find: (item) =>
      when(
        item,
        ['connectorid'],
        (base) => base !== '',
        () =>
          `Connection reference ${named(item)} has another connector, so each environment gives another connection.`,
      ),
  },
  {
    id: 'connref-removed-with-flows',
    kinds: ['connection-reference'],
    effect: 'import-fails',
    level: 'warning',
    title: 'A connection reference is removed together with its flows',
    why: 'The upgrade deletes in the wrong order and stops, since flows still use the connection reference.',
    advice: 'Remove the flows in one release and the connection reference in the next.',
    find: (item, { all }) => {
      const id = item.component.id
      const users = all.filter(
        ({ component, change, base }) =>
          component.kind === 'cloud-flow' &&
          change.change === 'removed' &&
          partsAt(base, 'references').some(({ key }) => key === id),
      )
      return whole(
        item.change.change === 'removed' && users.length > 0,
        `Connection reference ${named(item)} is removed together with ${users.map(({ change }) => `'${change.name}'`).join(', ')}, which used it: the upgrade deletes in the wrong order and stops.`,
      )
    },
  },
]
