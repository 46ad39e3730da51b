import type { ComparedComponent } from '../../compared-component.ts'
import { rawAt } from '../../facts/fact.ts'
import { COLUMN_TYPES } from '../../kinds/table.ts'
import type { EffectRule, Surroundings } from '../rule.ts'
import { named, isOn, numbers, valuesAt, when, whole, isShell } from '../values.ts'

export const COLUMN_EFFECTS: readonly EffectRule[] = [
  {
    id: 'column-removed',
    kinds: ['column'],
    effect: 'data-loss',
    level: 'error',
    title: 'A column is removed',
    why: 'An upgrade deletes a column that left the solution, with its values. An update leaves it.',
    advice: 'Move the values first, or keep the column in the solution.',
    find: (item, around) =>
      whole(
        item.change.change === 'removed' &&
          !isOfPlatform(item) &&
          renamedTo(item, around) === undefined &&
          !becameShell(item, around),
        `Column ${named(item)} is removed: an upgrade deletes its values.`,
      ),
  },
  {
    id: 'column-renamed',
    kinds: ['column'],
    effect: 'data-loss',
    level: 'error',
    title: 'A column has a new schema name',
    why: 'The schema name of a column is fixed. A new name is a new column; the old one is deleted with its values by an upgrade.',
    advice:
      'Keep the schema name and change the display name, or move the values before the old column goes.',
    find: (item, around) => {
      const to = item.change.change === 'removed' ? renamedTo(item, around) : undefined
      return to === undefined || becameShell(item, around)
        ? []
        : [
            {
              reason: `Column ${named(item)} has the new schema name '${to}': for Dataverse this is another column, and an upgrade deletes the values of the old one.`,
              path: '',
              value: to,
            },
          ]
    },
  },
  {
    id: 'column-type-changed',
    kinds: ['column'],
    effect: 'import-fails',
    level: 'error',
    title: 'The data type of a column changes',
    why: 'The type of a column is fixed when it is made; the import of another type is refused (0x80041a06).',
    advice: 'Add a new column, move the data, and remove this one in the next release.',
    find: (item) =>
      when(
        item,
        ['Type'],
        (base, head) => base !== '' && head !== '',
        (base, head) =>
          `Column ${named(item)} changes from ${COLUMN_TYPES[base] ?? base} to ${COLUMN_TYPES[head] ?? head}: Dataverse refuses the import (0x80041a06).`,
      ),
  },
  {
    id: 'column-source-changed',
    kinds: ['column'],
    effect: 'import-fails',
    level: 'error',
    title: 'A column becomes calculated, or simple',
    why: 'Whether a column is simple, calculated, a rollup or a formula is fixed when it is made.',
    advice: 'Add a new column and remove this one in the next release.',
    find: (item) =>
      when(
        item,
        ['SourceType'],
        (base, head) => (base === '' ? '0' : base) !== (head === '' ? '0' : head),
        () =>
          `Column ${named(item)} changes between simple, calculated, rollup and formula, which Dataverse refuses.`,
      ),
  },
  {
    id: 'choice-source-changed',
    kinds: ['column'],
    effect: 'import-fails',
    level: 'error',
    title: 'A choice column takes another choice',
    why: 'A column cannot change to another global choice, nor between a global and a local one.',
    advice: 'Add a new column with the other choice and move the data.',
    find: (item) =>
      when(
        item,
        ['OptionSetName'],
        (base, head) =>
          base.toLowerCase() !== head.toLowerCase() &&
          valuesAt(item, 'Type').base === valuesAt(item, 'Type').head &&
          !isLocalName(item, base, head),
        (base, head) =>
          `Column ${named(item)} changes its choice from '${base || 'its own'}' to '${head || 'its own'}', which Dataverse refuses.`,
      ),
  },
  {
    id: 'length-shrunk',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'A text becomes shorter',
    why: 'Longer texts stay as they are, but rows that have one cannot be saved any more.',
    advice: 'Look for longer texts in each environment first.',
    find: (item) =>
      when(
        item,
        ['MaxLength'],
        (base, head) => less(base, head),
        (base, head) =>
          `Column ${named(item)}: the longest text shrinks from ${base} to ${head} characters; rows with a longer text cannot be saved.`,
      ),
  },
  {
    id: 'range-narrowed',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'The range of a number narrows',
    why: 'Values outside the new range stay, but rows that have one cannot be saved any more.',
    advice: 'Look for values outside the new range first.',
    find: (item) => [
      ...when(
        item,
        ['MinValue'],
        (base, head) => less(head, base),
        (base, head) => `Column ${named(item)}: the minimum rises from ${base} to ${head}.`,
      ),
      ...when(
        item,
        ['MaxValue'],
        (base, head) => less(base, head),
        (base, head) => `Column ${named(item)}: the maximum falls from ${base} to ${head}.`,
      ),
    ],
  },
  {
    id: 'precision-reduced',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'A number has fewer decimal places',
    why: 'Values are rounded when a row is saved.',
    advice: 'Keep the decimal places when they matter.',
    find: (item) =>
      when(
        item,
        ['Accuracy'],
        (base, head) => less(base, head),
        (base, head) =>
          `Column ${named(item)}: decimal places go from ${base} to ${head}; values are rounded when a row is saved.`,
      ),
  },
  {
    id: 'date-behavior-changed',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'The time zone adjustment of a date changes',
    why: 'User local may change once to date only or time-zone independent; values are not converted (0x800608a4). Every other change is refused (0x800608a1).',
    advice: 'Convert the values after the import; the change cannot be taken back.',
    find: (item) =>
      when(
        item,
        ['Behavior'],
        (base, head) => base !== '' && head !== '',
        (base) =>
          base === '1'
            ? `Column ${named(item)}: the time zone adjustment changes for good, and values are not converted.`
            : `Column ${named(item)}: this change of the time zone adjustment is refused (0x800608a1).`,
      ).map((finding) =>
        valuesAt(item, 'Behavior').base === '1'
          ? finding
          : { ...finding, worse: { effect: 'import-fails', level: 'error' } },
      ),
  },
  {
    id: 'required-stricter',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'A column becomes required',
    why: 'Forms ask for a value from now on; rows that come by the API are not checked.',
    advice: 'See that every form and flow fills it.',
    find: (item) =>
      when(
        item,
        ['RequiredLevel'],
        (base, head) => head.endsWith('required') && !base.endsWith('required'),
        () => `Column ${named(item)} is required from now on.`,
      ),
  },
  {
    id: 'lookup-target-removed',
    kinds: ['column'],
    effect: 'breaks',
    level: 'warning',
    title: 'A lookup loses a related table',
    why: 'Rows keep references to a table that the column no longer allows.',
    advice: 'Clear those references first.',
    find: (item) => {
      if (item.change.change !== 'changed') return []
      const targets = (side: 'base' | 'head'): string[] =>
        (rawAt(item[side], 'LookupTypes') ?? '').split(',').filter((target) => target !== '')
      const now = new Set(targets('head').map((target) => target.toLowerCase()))
      return targets('base')
        .filter((target) => now.size > 0 && !now.has(target.toLowerCase()))
        .map((target) => ({
          reason: `Column ${named(item)} no longer looks up '${target}'; rows keep such references.`,
          path: 'LookupTypes',
          value: target,
        }))
    },
  },
  {
    id: 'column-secured',
    kinds: ['column'],
    effect: 'needs-rights',
    level: 'warning',
    title: 'Column security is turned on',
    why: 'Users without a column security profile see nothing in the column.',
    advice: 'Give the profiles to users before or right after the import.',
    find: (item) =>
      when(
        item,
        ['IsSecured'],
        (base, head) => !isOn(base) && isOn(head),
        () => `Column ${named(item)}: users need a column security profile to see it.`,
      ),
  },
  {
    id: 'column-unsecured',
    kinds: ['column'],
    effect: 'widens-access',
    level: 'warning',
    title: 'Column security is turned off',
    why: 'Everyone who can read the row sees the column.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['IsSecured'],
        (base, head) => isOn(base) && !isOn(head),
        () => `Column ${named(item)}: everyone who reads the row sees it.`,
      ),
  },
]

function less(base: string, head: string): boolean {
  const both = numbers(base, head)
  return both !== undefined && both.head < both.base
}

/** A local choice is named after its column, in another way by each server. */
function isLocalName(item: ComparedComponent, base: string, head: string): boolean {
  const column = item.component.id.replace('.', '_')
  return base.toLowerCase() === column && head.toLowerCase() === column
}

/** The new column that has the label and type of one that is gone. */
function renamedTo(item: ComparedComponent, { all }: Surroundings): string | undefined {
  const { parent, name } = item.change
  const type = rawAt(item.base, 'Type')
  const twins = all.filter(
    ({ component, change, head }) =>
      component.kind === 'column' &&
      change.change === 'added' &&
      change.parent?.id === parent?.id &&
      change.name === name &&
      rawAt(head, 'Type') === type,
  )
  const [twin] = twins
  return twins.length === 1 && twin !== undefined ? twin.component.id.split('.').at(-1) : undefined
}

/** The platform makes these columns and keeps them, whether a solution lists them or not. */
function isOfPlatform({ base }: ComparedComponent): boolean {
  return rawAt(base, 'IsCustomField') === '0'
}

/** A table that is a shell from now on lists no columns and deletes none. */
function becameShell(item: ComparedComponent, { all }: Surroundings): boolean {
  const table = all.find(
    ({ component }) => component.kind === 'table' && component.id === item.change.parent?.id,
  )
  return table !== undefined && isShell(table, 'head') && !isShell(table, 'base')
}
