import type { ComparedComponent } from '../compared-component.ts'
import { rawAt } from '../facts/fact.ts'
import { LEVELS, privilegeOf } from '../kinds/security.ts'
import type { EffectRule } from './rule.ts'
import { partsAt, valuesAt, when, whole } from './values.ts'

const PROCESSES = [
  'cloud-flow',
  'classic-workflow',
  'business-process-flow',
  'custom-action',
  'business-rule',
] as const

function named({ change }: ComparedComponent): string {
  return `'${change.name}'`
}

const RANKS = Object.keys(LEVELS)

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

export const COMPONENT_EFFECTS: readonly EffectRule[] = [
  {
    id: 'publisher-changed',
    kinds: ['solution'],
    effect: 'import-fails',
    level: 'error',
    title: 'Publisher or prefix changes',
    why: 'A solution stays with its publisher (0x8004801c). With another prefix every component is another one.',
    advice: 'Take the publisher back, or make a new solution.',
    find: (item) =>
      [
        ['SolutionManifest', 'Publisher', 'UniqueName'],
        ['SolutionManifest', 'Publisher', 'CustomizationPrefix'],
      ].flatMap((keys) =>
        when(
          item,
          keys,
          (base, head) => base !== '' && head !== '',
          (base, head) =>
            `The publisher changes from '${base}' to '${head}': Dataverse refuses the import where the solution is installed (0x8004801c).`,
        ),
      ),
  },
  {
    id: 'version-not-raised',
    kinds: ['solution'],
    effect: 'import-fails',
    level: 'error',
    title: 'The version goes back',
    why: 'An upgrade needs a higher version than the installed one (0x80048060).',
    advice: 'Raise the version.',
    find: (item) =>
      when(
        item,
        ['SolutionManifest', 'Version'],
        (base, head) => isLower(head, base),
        (base, head) => `The version goes back from ${base} to ${head}, which an upgrade refuses.`,
      ),
  },
  {
    id: 'solution-needed',
    kinds: ['solution'],
    effect: 'needs-settings',
    level: 'warning',
    title: 'Another solution is needed',
    why: 'Components of the solution depend on components of a solution that it did not need before. Without it the import is refused.',
    advice: 'Install it in each environment first.',
    find: (item) => {
      if (item.change.change !== 'changed') return []
      const before = new Set(partsAt(item.base, 'needs').map(({ key }) => key))
      return partsAt(item.head, 'needs')
        .filter(({ key }) => !before.has(key) && key !== 'active')
        .map(({ shown = '', path }) => ({
          reason: `The solution '${shown}' is needed from now on.`,
          path,
          value: shown,
        }))
    },
  },
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
                    `Custom API ${named(item)}: '${member}' of ${label.toLowerCase()} cannot change after it is made.`,
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
          reason: `Custom API ${named(item)}: ${label.toLowerCase()} is removed; callers fail.`,
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
          reason: `Custom API ${named(item)}: ${label.toLowerCase()} is required from now on; callers that do not give it fail.`,
          path,
          value: 'required',
        }))
      return [...lost, ...required]
    },
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
                reason: `Role ${named(item)} may ${spoken(name)}: ${LEVELS[head] ?? head} (before: ${base === undefined ? 'none' : (LEVELS[base] ?? base)}).`,
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
                reason: `Role ${named(item)} may no longer ${spoken(name)} as far as before: ${head === undefined ? 'none' : (LEVELS[head] ?? head)} (before: ${LEVELS[base] ?? base}).`,
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
      item.change.properties
        .filter(({ base, head }) => head === 'Allowed' && base !== 'Allowed')
        .map(({ label, path }) => ({
          reason: `Profile ${named(item)} allows ${label} from now on.`,
          path,
          value: 'Allowed',
        })),
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
  {
    id: 'flow-runs-as-owner',
    kinds: [...PROCESSES],
    effect: 'widens-access',
    level: 'warning',
    title: 'A process runs as its owner',
    why: 'It can do what its owner can, whoever starts it.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['RunAs'],
        (_base, head) => head === '0',
        () => `Process ${named(item)} runs as its owner from now on.`,
      ),
  },
  {
    id: 'flow-trigger-changed',
    kinds: ['cloud-flow'],
    effect: 'breaks',
    level: 'notice',
    title: 'The trigger of a flow changes',
    why: 'A flow with a new trigger is registered anew when it is turned on; what happened meanwhile does not start it.',
    advice: 'See after the import that the flow is on.',
    find: (item) =>
      whole(
        item.change.change === 'changed' &&
          item.change.properties.some(({ path }) => path.startsWith('triggers')),
        `Flow ${named(item)} has another trigger; see that it is on after the import.`,
      ),
  },
  {
    id: 'process-turned-off',
    kinds: [...PROCESSES],
    effect: 'breaks',
    level: 'warning',
    title: 'A process is turned off',
    why: 'It does not run any more after the import.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['StateCode'],
        (base, head) => base === '1' && head !== '1',
        () => `Process ${named(item)} is turned off.`,
      ),
  },
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
        item.component.head.some(({ file }) => /environmentvariablevalues?\.json$/i.test(file)),
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

function typesOf(item: ComparedComponent, side: 'base' | 'head'): string[] {
  return partsAt(item[side], 'PluginTypes').map(({ shown = '' }) => shown)
}

function pathOf(item: ComparedComponent, key: string): string | undefined {
  return item.base.find((fact) => fact.key === key)?.path
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

function spoken(path: string): string {
  const name = /\[(.*)\]$/.exec(path)?.[1] ?? path
  const { verb, table } = privilegeOf(name)
  return table === '' ? verb : `${verb.toLowerCase()} '${table}'`
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

function isLower(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let at = 0; at < 4; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
