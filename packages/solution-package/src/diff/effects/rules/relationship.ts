import type { ComparedComponent } from '../../compared-component.ts'
import { rawAt } from '../../facts/fact.ts'
import { isElastic } from '../head-table.ts'
import type { EffectRule } from '../rule.ts'
import { named, when, whole } from '../values.ts'

export const RELATIONSHIP_EFFECTS: readonly EffectRule[] = [
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
    id: 'cascade-access-left',
    kinds: ['relationship'],
    effect: 'breaks',
    level: 'notice',
    title: 'Access that was inherited stays for a while',
    why: 'When sharing or reparenting no longer cascades, rows keep the access that they inherited until a job of the platform has taken it away.',
    advice: 'See that the job has ended when access matters.',
    find: (item) =>
      ['CascadeShare', 'CascadeReparent'].flatMap((key) =>
        when(
          item,
          [key],
          (base, head) => base === 'Cascade' && head === 'NoCascade',
          () =>
            `Relationship ${named(item)}: related rows keep the access that they inherited until a job takes it away.`,
        ),
      ),
  },
  {
    id: 'elastic-unsupported',
    kinds: ['column', 'key', 'relationship'],
    effect: 'import-fails',
    level: 'error',
    title: 'An elastic table gets what it cannot have',
    why: 'Elastic tables have no alternate keys, many-to-many relationships, cascades, nor columns of currency, file, formula, calculated or rollup.',
    advice: 'Use another column, or a standard table.',
    find: (item, { head }) => {
      const what = item.change.change === 'removed' ? undefined : notElastic(item)
      const tables =
        item.component.kind === 'relationship'
          ? TABLES_OF_RELATIONSHIP.map((key) => rawAt(item.head, key)?.toLowerCase() ?? '')
          : [item.change.parent?.id ?? '']
      return whole(
        what !== undefined && tables.some((table) => table !== '' && isElastic(table, head)),
        `${named(item)} is ${what ?? ''} of an elastic table, which cannot have it.`,
      )
    },
  },
]

const TABLES_OF_RELATIONSHIP = [
  'FirstEntityName',
  'SecondEntityName',
  'ReferencedEntityName',
  'ReferencingEntityName',
] as const

/** What of a new component an elastic table cannot have, in words. */
function notElastic({ component, change, base, head }: ComparedComponent): string | undefined {
  if (component.kind === 'key') return change.change === 'added' ? 'an alternate key' : undefined
  if (component.kind === 'relationship') {
    if (change.change === 'added' && rawAt(head, 'EntityRelationshipType') === 'ManyToMany')
      return 'a many-to-many relationship'
    const cascades = head.some(
      ({ key, raw }) =>
        key.startsWith('Cascade') &&
        ['Cascade', 'Active', 'UserOwned'].includes(raw ?? '') &&
        rawAt(base, key) !== raw,
    )
    return cascades ? 'a cascade' : undefined
  }
  if (change.change !== 'added') return undefined
  const type = rawAt(head, 'Type')
  if (type === 'money' || type === 'file') return `a column of type ${type === 'money' ? 'currency' : 'file'}`
  return ['1', '2', '3'].includes(rawAt(head, 'SourceType') ?? '') ? 'a calculated column' : undefined
}
