import { rawAt } from '../facts/fact.ts'
import type { EffectRule } from './rule.ts'
import { ENTITY, named, isOn, when, whole, isShell } from './values.ts'

/** Options that an import may turn on but never off again, as Microsoft's list of set-once table options has them. */
const SET_ONCE: Readonly<Record<string, string>> = {
  HasRelatedNotes: 'Enable attachments',
  HasRelatedActivities: 'Creating a new activity',
  HasRelatedFeedback: 'Can be linked to feedback',
  IsConnectionsEnabled: 'Can have connections',
  IsBusinessProcessEnabled: 'Business process flows',
  IsActivityParty: 'Can have a contact email',
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
    id: 'form-delta-only',
    kinds: ['form'],
    effect: 'import-fails',
    level: 'notice',
    title: 'A managed form has only its differences',
    why: 'A form that the target does not have needs its whole definition ("full formXml is expected").',
    advice: 'Export the solution again with the whole form.',
    find: (item) =>
      whole(
        item.change.change === 'added' && rawAt(item.head, '@solutionaction') === 'Modified',
        `Form ${named(item)} has only its differences; a target without it refuses the import.`,
      ),
  },
]
