import { COLUMN_TYPES } from '../kinds/table.ts'
import type { ComparedComponent } from '../compared-component.ts'
import { rawAt } from '../facts/fact.ts'
import type { EffectRule, Surroundings } from './rule.ts'
import { numbers, partsAt, valuesAt, when, whole } from './values.ts'

function named({ change }: ComparedComponent): string {
  const { parent, name } = change
  return parent === undefined ? `'${name}'` : `'${parent.name} › ${name}'`
}

const ENTITY = ['EntityInfo', 'entity'] as const

/** A shell has no properties of its own; a table that becomes whole, or a shell, changed nothing of them. */
function isShell(item: ComparedComponent, side: 'base' | 'head'): boolean {
  const mask = rawAt(item[side], ...ENTITY, 'OwnershipTypeMask') ?? ''
  return mask === '' || mask === 'None'
}

/** Options that an import may turn on but never off again, as Microsoft's list of set-once table options has them. */
const SET_ONCE: Readonly<Record<string, string>> = {
  HasRelatedNotes: 'Enable attachments',
  HasRelatedActivities: 'Creating a new activity',
  HasRelatedFeedback: 'Can be linked to feedback',
  IsConnectionsEnabled: 'Can have connections',
  IsBusinessProcessEnabled: 'Business process flows',
  IsActivityParty: 'Can have a contact email',
}

function isOn(value: string): boolean {
  return value === '1' || value.toLowerCase() === 'true'
}

export const TABLE_EFFECTS: readonly EffectRule[] = [
  {
    id: 'table-removed',
    kinds: ['table'],
    effect: 'data-loss',
    level: 'error',
    title: 'A table is removed',
    why: 'An upgrade deletes a table that left the solution, with all its rows, and with rows of other tables that are deleted together with them. Only a restore of the environment brings them back.',
    advice: 'Move the data first, or keep the table in the solution.',
    find: (item) =>
      whole(
        item.change.change === 'removed',
        `Table ${named(item)} is removed: an upgrade deletes its rows.`,
      ),
  },
  {
    id: 'table-ownership-changed',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'error',
    title: 'Ownership or type of a table changes',
    why: 'Record ownership, and whether a table is an activity or virtual, are fixed when a table is made.',
    advice: 'Make a new table and move the data.',
    find: (item) => {
      if (isShell(item, 'base') || isShell(item, 'head')) return []
      return ['OwnershipTypeMask', 'IsActivity', 'DataProviderId'].flatMap((key) =>
        when(
          item,
          [...ENTITY, key],
          () => true,
          () =>
            `Table ${named(item)}: what is fixed when a table is made has changed, and Dataverse refuses the import.`,
        ),
      )
    },
  },
  {
    id: 'table-option-turned-off',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'warning',
    title: 'A set-once option of a table is turned off',
    why: 'Attachments, activities, feedback, connections, business process flows and e-mail cannot be turned off again once a table has them.',
    advice: 'Turn the option on again.',
    find: (item) => {
      if (isShell(item, 'base') || isShell(item, 'head')) return []
      return Object.entries(SET_ONCE).flatMap(([key, label]) =>
        when(
          item,
          [...ENTITY, key],
          (base, head) => isOn(base) && !isOn(head),
          () => `Table ${named(item)}: '${label}' cannot be turned off again.`,
        ),
      )
    },
  },
  {
    id: 'offline-disabled',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'error',
    title: 'Can be taken offline is turned off',
    why: 'An import that turns off the offline use of a table is refused (0x80071111); it can only be turned off by hand in each environment.',
    advice: 'Turn it off by hand in each environment first, or leave it on.',
    find: (item) =>
      when(
        item,
        [...ENTITY, 'IsOfflineInMobileClient'],
        (base, head) => isOn(base) && !isOn(head) && !isShell(item, 'head'),
        () =>
          `Table ${named(item)}: 'Can be taken offline' is turned off, which an import cannot do (0x80071111).`,
      ),
  },
  {
    id: 'primary-name-missing',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'error',
    title: 'The primary name column is missing',
    why: 'A table that is included as a whole needs its primary name column in the source (0x80044355).',
    advice: 'Add the primary column to the solution.',
    find: (item, { all }) => {
      const id = item.component.id
      const primaries = all.filter(
        ({ component, change, base }) =>
          component.kind === 'column' &&
          change.change === 'removed' &&
          change.parent?.id === id &&
          /(?:^|\|)PrimaryName(?:\||$)/.test(rawAt(base, 'DisplayMask') ?? ''),
      )
      return whole(
        item.change.change === 'changed' && primaries.length > 0 && !isShell(item, 'head'),
        `Table ${named(item)} has lost its primary name column, and Dataverse refuses the import (0x80044355).`,
      )
    },
  },
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
        partsAt(item[side], 'LookupTypes').flatMap(
          ({ raw, facts }) => raw ?? facts?.find(({ key }) => key === '.')?.raw ?? [],
        )
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
  {
    id: 'managed-property-changed',
    kinds: ['table', 'column', 'form', 'view', 'choice'],
    effect: 'breaks',
    level: 'notice',
    title: 'A managed property is tightened',
    why: 'In an environment that has the managed solution already, tightening a managed property is silently ignored; only loosening works.',
    advice: 'Do not rely on it in environments that have the solution.',
    find: (item) =>
      [['IsCustomizable'], [...ENTITY, 'IsCustomizable']].flatMap((keys) =>
        when(
          item,
          keys,
          (base, head) => base === '1' && head === '0',
          () =>
            `${named(item)}: 'Allow customizations' is turned off, which an update ignores where the solution is installed.`,
        ),
      ),
  },
  {
    id: 'key-added',
    kinds: ['key'],
    effect: 'import-fails',
    level: 'notice',
    title: 'An alternate key is added',
    why: 'The job that makes its index fails where rows have the same values twice. The import is done before that.',
    advice: 'Look for rows with equal values, and see after the import that the key is active.',
    find: (item) =>
      whole(
        item.change.change === 'added',
        `Key ${named(item)}: its index cannot be made where rows have the same values twice.`,
      ),
  },
  {
    id: 'key-removed',
    kinds: ['key'],
    effect: 'breaks',
    level: 'warning',
    title: 'An alternate key is removed',
    why: 'Whoever finds rows by the key, such as an integration, fails.',
    advice: 'Change those who use the key first.',
    find: (item) =>
      whole(item.change.change === 'removed', `Key ${named(item)} is removed; what finds rows by it fails.`),
  },
  {
    id: 'nn-removed',
    kinds: ['relationship'],
    effect: 'data-loss',
    level: 'error',
    title: 'A many-to-many relationship is removed',
    why: 'An upgrade deletes the links between the rows.',
    advice: 'Keep the links elsewhere first, or keep the relationship.',
    find: (item) =>
      whole(
        item.change.change === 'removed' && rawAt(item.base, 'EntityRelationshipType') === 'ManyToMany',
        `Relationship ${named(item)} is removed: an upgrade deletes the links between the rows.`,
      ),
  },
  {
    id: 'cascade-delete-added',
    kinds: ['relationship'],
    effect: 'breaks',
    level: 'warning',
    title: 'Deleting a row deletes related rows from now on',
    why: 'With Delete: All, rows of the related table go when the row that they belong to is deleted.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['CascadeDelete'],
        (_base, head) => head === 'Cascade',
        () => `Relationship ${named(item)}: deleting a row deletes its related rows from now on.`,
      ),
  },
  {
    id: 'option-removed',
    kinds: ['choice', 'column'],
    effect: 'breaks',
    level: 'warning',
    title: 'An option is removed',
    why: 'Rows that have it keep a number without a label. An update keeps the option, an upgrade removes it; one that is in use can stop the upgrade (0x80048417).',
    advice: 'Change the rows that have it first.',
    find: (item) =>
      gone(item).map((option) => ({
        reason: `Option ${option.shown ?? option.key} of ${named(item)} is removed; rows that have it keep a number without a label.`,
        path: option.path,
        value: '',
      })),
  },
  {
    id: 'option-value-changed',
    kinds: ['choice', 'column'],
    effect: 'breaks',
    level: 'error',
    title: 'An option has a new value',
    why: 'Rows keep the old number, which then has no label or another one.',
    advice: 'Keep the value, and change the label alone.',
    find: (item) => {
      const come = optionsOf(item, 'head').filter(
        ({ key }) => !optionsOf(item, 'base').some((other) => other.key === key),
      )
      return lost(item).flatMap((option) => {
        const again = come.find(({ shown }) => shown !== undefined && shown === option.shown)
        return again === undefined
          ? []
          : [
              {
                reason: `Option ${option.shown ?? ''} of ${named(item)} has a new value; rows keep the old number.`,
                path: option.path,
                value: again.key,
              },
            ]
      })
    },
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

function optionsOf(item: ComparedComponent, side: 'base' | 'head') {
  const facts = item.component.kind === 'column' ? partsAt(item[side], 'optionset') : item[side]
  return [...partsAt(facts, 'options'), ...partsAt(facts, 'statuses')]
}

function lost(item: ComparedComponent) {
  if (item.change.change !== 'changed') return []
  const now = new Set(optionsOf(item, 'head').map(({ key }) => key))
  return now.size === 0 &&
    optionsOf(item, 'head').length === 0 &&
    partsAt(item.head, 'optionset').length === 0 &&
    item.component.kind === 'column'
    ? []
    : optionsOf(item, 'base').filter(({ key }) => !now.has(key))
}

/** Options that are gone and did not come back with another value. */
function gone(item: ComparedComponent) {
  const names = new Set(
    optionsOf(item, 'head')
      .filter(({ key }) => !optionsOf(item, 'base').some((other) => other.key === key))
      .map(({ shown }) => shown),
  )
  return lost(item).filter(({ shown }) => shown === undefined || !names.has(shown))
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

/** A table that is a shell from now on lists no columns and deletes none. */
function becameShell(item: ComparedComponent, { all }: Surroundings): boolean {
  const table = all.find(
    ({ component }) => component.kind === 'table' && component.id === item.change.parent?.id,
  )
  return table !== undefined && isShell(table, 'head') && !isShell(table, 'base')
}
