import { rawAt } from '../../facts/fact.ts'
import { columnOf, columnsOfKey, keysOf } from '../head-table.ts'
import type { EffectRule } from '../rule.ts'
import { named, isOn, whole } from '../values.ts'

export const KEY_EFFECTS: readonly EffectRule[] = [
  {
    id: 'key-added',
    kinds: ['key'],
    effect: 'breaks',
    level: 'warning',
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
    id: 'key-columns-taken',
    kinds: ['key'],
    effect: 'import-fails',
    level: 'error',
    title: 'Two alternate keys have the same columns',
    why: 'A table takes one key for the same columns (0x80060894).',
    advice: 'Remove one of them.',
    find: (item, { head }) => {
      const table = item.change.parent?.id ?? ''
      const own = columnsOfKey(item.head).toSorted().join()
      const other =
        item.change.change === 'removed' || own === ''
          ? undefined
          : keysOf(table, head).find(
              ({ id, columns }) => id !== item.component.id && columns.toSorted().join() === own,
            )
      return whole(
        other !== undefined,
        `Key ${named(item)} has the columns of the key '${other?.name ?? ''}', and Dataverse refuses the import (0x80060894).`,
      )
    },
  },
  {
    id: 'key-on-secured-column',
    kinds: ['key', 'column'],
    effect: 'import-fails',
    level: 'error',
    title: 'A column with column security is in an alternate key',
    why: 'A column of a key cannot have column security (0x80060896).',
    advice: 'Leave column security off, or take the column out of the key.',
    find: (item, { head }) => {
      if (item.change.change === 'removed') return []
      const table = item.change.parent?.id ?? ''
      const own = item.component.id.split('.').at(-1) ?? ''
      const isKey = item.component.kind === 'key'
      const both = isKey
        ? columnsOfKey(item.head).filter((name) =>
            isOn(rawAt(columnOf(table, name, head), 'IsSecured') ?? ''),
          )
        : isOn(rawAt(item.head, 'IsSecured') ?? '') && !isOn(rawAt(item.base, 'IsSecured') ?? '')
          ? keysOf(table, head).flatMap(({ name, columns }) => (columns.includes(own) ? [name] : []))
          : []
      return whole(
        both.length > 0,
        isKey
          ? `Key ${named(item)} has the column '${both[0] ?? ''}' with column security, and Dataverse refuses the import (0x80060896).`
          : `Column ${named(item)} gets column security and is in the key '${both[0] ?? ''}', and Dataverse refuses the import (0x80060896).`,
      )
    },
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
]
