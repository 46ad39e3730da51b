import type { ComparedComponent } from '../../compared-component.ts'
import { rawAt } from '../../facts/fact.ts'
import type { EffectRule } from '../rule.ts'
import { named, partsAt, when } from '../values.ts'

/** Name, version, culture and key of an assembly, as its full name has them. */
function identityOf(fullName: string): { readonly fixed: string; readonly version: string } {
  const [name = '', ...rest] = fullName.split(',').map((part) => part.trim())
  const version = rest.find((part) => /^Version=/i.test(part))?.slice('Version='.length) ?? ''
  const [major = '', minor = ''] = version.split('.')
  return {
    fixed: [name, ...rest.filter((part) => !/^Version=/i.test(part))].join(', ').toLowerCase(),
    version: `${major}.${minor}`,
  }
}

export const CODE_EFFECTS: readonly EffectRule[] = [
  {
    id: 'assembly-identity-changed',
    kinds: ['plug-in-assembly'],
    effect: 'import-fails',
    level: 'error',
    title: 'An assembly has another identity',
    why: 'Name, culture, key, and major and minor version of a registered assembly are fixed (0x8004418b).',
    advice: 'Register it as a new assembly and move the steps, or keep the identity.',
    find: (item) =>
      when(
        item,
        ['@FullName'],
        (base, head) =>
          identityOf(base).fixed !== identityOf(head).fixed ||
          identityOf(base).version !== identityOf(head).version,
        () =>
          `Assembly ${named(item)} has another name, key or version: the update of the registered one is refused (0x8004418b).`,
      ),
  },
  {
    id: 'plugin-type-removed',
    kinds: ['plug-in-assembly'],
    effect: 'import-fails',
    level: 'error',
    title: 'A plug-in type is removed',
    why: 'A type that steps of the environment still use cannot go (0x8004418b).',
    advice: 'Remove its steps in a release before.',
    find: (item) => {
      if (item.change.change !== 'changed') return []
      const now = new Set(typesOf(item, 'head'))
      return typesOf(item, 'base')
        .filter((type) => !now.has(type))
        .map((type) => ({
          reason: `Assembly ${named(item)} no longer has the type '${type}'; steps that use it stop the import.`,
          path: 'PluginTypes',
          value: type,
        }))
    },
  },
  {
    id: 'custom-api-immutable',
    kinds: ['custom-api'],
    effect: 'import-fails',
    level: 'error',
    title: 'What is fixed of a custom API changes',
    why: 'Binding, bound table, function, step type and workflow flag of a custom API, and type, optionality and table of its parameters, cannot change after it is made.',
    advice: 'Make a new custom API, and remove this one later.',
    find: (item) => {
      const own = [
        'bindingtype',
        'boundentitylogicalname',
        'isfunction',
        'allowedcustomprocessingsteptype',
        'workflowsdkstepenabled',
      ].flatMap((key) =>
        when(
          item,
          [key],
          () => true,
          () => `Custom API ${named(item)}: '${key}' cannot change after it is made.`,
        ),
      )
      const parameters = item.head
        .filter(({ key }) => /^(?:Request parameter|Response property) /.test(key))
        .flatMap(({ key, label }) =>
          ['type', 'isoptional', 'logicalentityname', 'entitylogicalname'].flatMap((member) =>
            item.base.some((fact) => fact.key === key)
              ? when(
                  item,
                  [key, member],
                  () => true,
                  () =>
                    `Custom API ${named(item)}: '${member}' of ${inSentence(label)} cannot change after it is made.`,
                )
              : [],
          ),
        )
      return [...own, ...parameters]
    },
  },
  {
    id: 'custom-api-contract',
    kinds: ['custom-api'],
    effect: 'breaks',
    level: 'warning',
    title: 'The contract of a custom API changes',
    why: 'Callers fail when the API or one of its parameters goes, or when a parameter that they do not give is required.',
    advice: 'Change the callers first.',
    find: (item) => {
      if (item.change.change === 'removed')
        return [{ reason: `Custom API ${named(item)} is removed; its callers fail.`, path: '', value: '' }]
      if (item.change.change === 'added') return []
      const isParameter = /^(?:Request parameter|Response property) /
      const lost = item.base
        .filter(
          ({ key }) =>
            isParameter.test(key) &&
            !item.head.some((fact) => fact.key === key) &&
            item.change.properties.some(({ path, head }) => path === pathOf(item, key) && head === null),
        )
        .map(({ label, path }) => ({
          reason: `Custom API ${named(item)}: ${inSentence(label)} is removed; callers fail.`,
          path,
          value: '',
        }))
      const required = item.head
        .filter(
          ({ key, facts }) =>
            key.startsWith('Request parameter ') &&
            rawAt(facts, 'isoptional') !== '1' &&
            !item.base.some((fact) => fact.key === key),
        )
        .map(({ label, path }) => ({
          reason: `Custom API ${named(item)}: ${inSentence(label)} is required from now on; callers that do not give it fail.`,
          path,
          value: 'required',
        }))
      return [...lost, ...required]
    },
  },
]

function typesOf(item: ComparedComponent, side: 'base' | 'head'): string[] {
  return partsAt(item[side], 'PluginTypes').map(({ shown = '' }) => shown)
}

function pathOf(item: ComparedComponent, key: string): string | undefined {
  return item.base.find((fact) => fact.key === key)?.path
}

/** `Request parameter No` within a sentence. */
function inSentence(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1)
}
