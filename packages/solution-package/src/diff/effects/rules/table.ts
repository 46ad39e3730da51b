import type { ComparedComponent } from '../../compared-component.ts'
import { rawAt } from '../../facts/fact.ts'
import { ENTITY } from '../../kinds/table.ts'
import { COMPONENT_KINDS } from '../../report.ts'
import type { EffectRule, Finding } from '../rule.ts'
import { named, isOn, when, whole, isShell } from '../values.ts'

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
      return ['OwnershipTypeMask', 'IsActivity', 'DataProviderId', 'TableType'].flatMap((key) =>
        when(
          item,
          [...ENTITY, key],
          (base, head) => standardType(base) !== standardType(head),
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
    kinds: ['column'],
    effect: 'import-fails',
    level: 'error',
    title: 'The primary name column is missing',
    why: 'A table that is included as a whole needs its primary name column in the source (0x80044355).',
    advice: 'Add the primary column to the solution.',
    find: (item, { all }) => {
      const table = all.find(
        ({ component }) => component.kind === 'table' && component.id === item.change.parent?.id,
      )
      return whole(
        item.change.change === 'removed' &&
          rawAt(item.base, 'PrimaryName') === '1' &&
          table !== undefined &&
          !isShell(table, 'head'),
        `Table '${item.change.parent?.name ?? ''}' has lost its primary name column ${named(item)}, and Dataverse refuses the import (0x80044355).`,
      )
    },
  },
  {
    id: 'managed-property-changed',
    kinds: COMPONENT_KINDS,
    effect: 'breaks',
    level: 'warning',
    title: 'A managed property is tightened',
    why: 'In an environment that has the managed solution already, tightening a managed property is silently ignored; only loosening works.',
    advice: 'Do not rely on it in environments that have the solution.',
    find: (item) =>
      item.change.change !== 'changed'
        ? []
        : item.change.properties
            .filter(({ path, base, head }) => MANAGED_PROPERTY.test(path) && base === 'Yes' && head === 'No')
            .map(({ label, path }) => ({
              reason: `${named(item)}: '${label}' is turned off, which an update ignores where the solution is installed.`,
              path,
              value: 'No',
            })),
  },
  {
    id: 'set-name-changed',
    kinds: ['table'],
    effect: 'breaks',
    level: 'warning',
    title: 'The set name of a table changes',
    why: 'Clients of the Web API reach a table by its set name.',
    advice: 'Change the clients first, or keep the name.',
    find: (item) =>
      when(
        item,
        [...ENTITY, 'EntitySetName'],
        (base, head) => base !== '' && head !== '' && !isShell(item, 'base') && !isShell(item, 'head'),
        (base, head) =>
          `Table ${named(item)}: clients of the Web API that ask for '${base}' fail, since it is '${head}' now.`,
      ),
  },
  {
    id: 'search-index-disabled',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'warning',
    title: 'The search index is no longer allowed',
    why: 'Where the table is in the search index, an import that takes the permission away is refused (0x80060303).',
    advice: 'Take the table out of the index of each environment first.',
    find: (item) =>
      turnedOff(
        item,
        'CanEnableSyncToExternalSearchIndex',
        'is refused where the table is in the search index (0x80060303)',
      ),
  },
  {
    id: 'access-team-disabled',
    kinds: ['table'],
    effect: 'import-fails',
    level: 'warning',
    title: 'Have an access team is turned off',
    why: 'Where the table has templates of access teams, the import is refused (0x80048338).',
    advice: 'Delete the templates of each environment first, or leave the option on.',
    find: (item) =>
      turnedOff(
        item,
        'AutoCreateAccessTeams',
        'is refused where the table has templates of access teams (0x80048338)',
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

/** Properties by which a publisher says what others may change. */
const MANAGED_PROPERTY =
  /(?:^|\/)(?:IsCustomizable|iscustomizable|IsRenameable|IsMappable|Can(?:Create|Modify|Change)\w+|CanEnableSyncToExternalSearchIndex)$/

/** A table without a type is a standard one. */
function standardType(value: string): string {
  return value === 'Standard' || value === '0' ? '' : value
}

function turnedOff(item: ComparedComponent, key: string, consequence: string): readonly Finding[] {
  return when(
    item,
    [...ENTITY, key],
    (base, head) => isOn(base) && head !== '' && !isOn(head) && !isShell(item, 'head'),
    () => `Table ${named(item)}: turning off '${key}' ${consequence}.`,
  )
}
