import type { ComparedComponent } from '../../compared-component.ts'
import { rawAt } from '../../facts/fact.ts'
import { LEVELS, privilegeOf } from '../../kinds/security.ts'
import type { EffectRule } from '../rule.ts'
import { named, partsAt, valuesAt, whole } from '../values.ts'

const RANKS = Object.keys(LEVELS)

export const SECURITY_EFFECTS: readonly EffectRule[] = [
  {
    id: 'privilege-added',
    kinds: ['security-role'],
    effect: 'widens-access',
    level: 'warning',
    title: 'A role may do more',
    why: 'A privilege was added or reaches further.',
    advice: 'See that this is meant.',
    find: (item) =>
      privileges(item).flatMap(({ name, base, head }) =>
        head !== undefined && RANKS.indexOf(head) > (base === undefined ? -1 : RANKS.indexOf(base))
          ? [
              {
                reason: `Role ${named(item)} may ${spoken(name, item)}: ${LEVELS[head] ?? head} (before: ${base === undefined ? 'none' : (LEVELS[base] ?? base)}).`,
                path: name,
                value: head,
              },
            ]
          : [],
      ),
  },
  {
    id: 'privilege-removed',
    kinds: ['security-role'],
    effect: 'needs-rights',
    level: 'notice',
    title: 'A role may do less',
    why: 'A privilege was taken away or reaches less far. Users that have no other role with it cannot go on.',
    advice: 'See who needs it.',
    find: (item) =>
      privileges(item).flatMap(({ name, base, head }) =>
        base !== undefined && RANKS.indexOf(base) > (head === undefined ? -1 : RANKS.indexOf(head))
          ? [
              {
                reason: `Role ${named(item)} may no longer ${spoken(name, item)} as far as before: ${head === undefined ? 'none' : (LEVELS[head] ?? head)} (before: ${LEVELS[base] ?? base}).`,
                path: name,
                value: head ?? '',
              },
            ]
          : [],
      ),
  },
  {
    id: 'role-removed',
    kinds: ['security-role'],
    effect: 'needs-rights',
    level: 'warning',
    title: 'A role is removed',
    why: 'An upgrade deletes the role; users that have it lose its privileges.',
    advice: 'Give users another role first.',
    find: (item) =>
      whole(
        item.change.change === 'removed',
        `Role ${named(item)} is removed; users that have it lose its privileges.`,
      ),
  },
  {
    id: 'column-permission-added',
    kinds: ['column-security-profile'],
    effect: 'widens-access',
    level: 'warning',
    title: 'A column security profile allows more',
    why: 'Members of the profile see or change what they could not.',
    advice: 'See that this is meant.',
    find: (item) =>
      permissions(item).flatMap(({ label, path, base, head, shown }) =>
        head > base
          ? [{ reason: `Profile ${named(item)} allows ${label} from now on: ${shown}.`, path, value: shown }]
          : [],
      ),
  },
  {
    id: 'app-role-added',
    kinds: ['model-driven-app'],
    effect: 'widens-access',
    level: 'notice',
    title: 'A role gets an app',
    why: 'Users of the role see the app.',
    advice: 'See that this is meant.',
    find: (item) =>
      appRoles(item, 'added').map((path) => ({
        reason: `App ${named(item)}: one more security role sees it.`,
        path,
        value: 'added',
      })),
  },
  {
    id: 'app-role-removed',
    kinds: ['model-driven-app'],
    effect: 'needs-rights',
    level: 'warning',
    title: 'A role loses an app',
    why: 'Users that have no other role of the app do not see it any more.',
    advice: 'See who needs it.',
    find: (item) =>
      appRoles(item, 'removed').map((path) => ({
        reason: `App ${named(item)}: a security role does not see it any more.`,
        path,
        value: 'removed',
      })),
  },
  {
    id: 'step-impersonates',
    kinds: ['plug-in-step'],
    effect: 'widens-access',
    level: 'warning',
    title: "A plug-in step runs in another user's context",
    why: 'It can do what that user can.',
    advice: 'See that this is meant.',
    find: (item) => {
      const { base = '', head = '' } = valuesAt(item, 'ImpersonatingUserIdName')
      return whole(
        head !== '' && base !== head && item.change.change !== 'removed',
        `Step ${named(item)} runs in the context of '${head}'.`,
      )
    },
  },
]

/** What a changed profile allows on each column, as numbers: more is allowed by a greater one. */
function permissions(item: ComparedComponent) {
  if (item.change.change !== 'changed') return []
  const [before, after] = [item.base, item.head].map((facts) => partsAt(facts, 'FieldPermissions'))
  return (after ?? []).flatMap((column) =>
    (column.facts ?? []).flatMap(({ key, label, path, raw = '', shown = '' }) => {
      if (!/^Can(?:Read|Create|Update|ReadUnmasked)$/.test(key)) return []
      const base = rawAt(before, column.key, key) ?? '0'
      return [{ label: `${column.label} · ${label}`, path, base: Number(base), head: Number(raw), shown }]
    }),
  )
}

function privileges(
  item: ComparedComponent,
): { name: string; base: string | undefined; head: string | undefined }[] {
  if (item.change.change !== 'changed') return []
  const before = new Map(partsAt(item.base, 'privileges').map(({ path, raw }) => [path, raw]))
  const after = new Map(partsAt(item.head, 'privileges').map(({ path, raw }) => [path, raw]))
  return [...new Set([...before.keys(), ...after.keys()])].map((path) => ({
    name: path,
    base: before.get(path),
    head: after.get(path),
  }))
}

/** The table by the name that people call it, where the solution has it. */
function spoken(path: string, { change }: ComparedComponent): string {
  const name = /\[(.*)\]$/.exec(path)?.[1] ?? path
  const { verb, table } = privilegeOf(name)
  const called = change.privileges?.find((privilege) => privilege.path === path)?.table ?? table
  return table === '' ? verb : `${verb.toLowerCase()} '${called}'`
}

function appRoles(item: ComparedComponent, change: 'added' | 'removed'): string[] {
  if (item.change.change !== 'changed') return []
  return item.change.properties
    .filter(
      ({ path, base, head }) =>
        path.startsWith('AppModuleRoleMaps/Role') && (change === 'added' ? base : head) === null,
    )
    .map(({ path }) => path)
}
