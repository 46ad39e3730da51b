import { decide } from './decision.ts'
import type { Mode, Situation, VersionOrder } from './situation.ts'

type Wishes = Partial<Situation['wishes']>

/** A sandbox with managed `core` 1.0 of the same publisher, and a managed archive 1.1: the plainest case. */
function situation(
  change: {
    archive?: Partial<Situation['archive']>
    installed?: Partial<NonNullable<Situation['installed']>> | 'nothing'
    wishes?: Wishes
  } & Partial<Pick<Situation, 'environment' | 'holding' | 'removals'>> = {},
): Situation {
  return {
    environment: change.environment ?? 'sandbox',
    archive: {
      name: 'core',
      version: '1.1',
      managed: true,
      publisher: 'contoso',
      patch: undefined,
      ...change.archive,
    },
    installed:
      change.installed === 'nothing'
        ? undefined
        : {
            version: '1.0',
            managed: true,
            publisher: 'contoso',
            order: 'higher',
            patches: 0,
            ...change.installed,
          },
    holding: change.holding,
    removals: change.removals ?? 'none',
    wishes: {
      mode: 'auto',
      ifSameVersion: 'import',
      ifLowerVersion: 'refuse',
      skipLowerVersion: false,
      allowUnmanagedInProduction: false,
      ...change.wishes,
    },
  }
}

const unmanaged = { managed: false } as const
const patch = { hasBase: true, isThere: false, higherIsThere: false } as const
function versions(order: VersionOrder) {
  return { order }
}
function mode(value: Mode): { wishes: Wishes } {
  return { wishes: { mode: value } }
}

test.each<[string, Parameters<typeof situation>[0], string, RegExp]>([
  // Nothing there.
  ['managed into nothing', { installed: 'nothing' }, 'install', /nothing of that name/],
  [
    'managed into nothing in production',
    { installed: 'nothing', environment: 'production' },
    'install',
    /nothing/,
  ],
  ['upgrade of nothing', { installed: 'nothing', ...mode('upgrade') }, 'install', /nothing/],
  ['staging of nothing', { installed: 'nothing', ...mode('stage') }, 'install', /nothing/],
  ['update of nothing', { installed: 'nothing', ...mode('update') }, 'install', /nothing/],
  [
    'skip-lower-version of nothing',
    { installed: 'nothing', wishes: { skipLowerVersion: true } },
    'install',
    /nothing/,
  ],
  ['unmanaged into nothing', { installed: 'nothing', archive: unmanaged }, 'import', /editable/],

  // Unmanaged and production.
  [
    'unmanaged into production',
    { installed: 'nothing', archive: unmanaged, environment: 'production' },
    'refuse',
    /production/,
  ],
  [
    'unmanaged into production with leave',
    {
      installed: 'nothing',
      archive: unmanaged,
      environment: 'production',
      wishes: { allowUnmanagedInProduction: true },
    },
    'import',
    /nothing/,
  ],
  [
    'unmanaged into a trial',
    { installed: 'nothing', archive: unmanaged, environment: 'trial' },
    'import',
    /nothing/,
  ],
  [
    'production comes before the kind of what is there',
    { archive: unmanaged, environment: 'production' },
    'refuse',
    /production/,
  ],

  // Kinds that do not match.
  ['managed over unmanaged', { installed: { managed: false } }, 'refuse', /0x80048040/],
  ['unmanaged over managed', { archive: unmanaged }, 'refuse', /0x80048041/],
  [
    'unmanaged over managed in production with leave',
    { archive: unmanaged, environment: 'production', wishes: { allowUnmanagedInProduction: true } },
    'refuse',
    /0x80048041/,
  ],
  ['another publisher', { installed: { publisher: 'fabrikam' } }, 'refuse', /0x8004801c/],
  [
    'the same publisher in another case',
    { installed: { publisher: 'Contoso' } },
    'update',
    /nothing was removed/,
  ],

  // A staged upgrade.
  [
    'the archive is what is staged',
    { holding: { version: '1.1', order: 'same' } },
    'promote',
    /staged already/,
  ],
  [
    'staging what is staged',
    { holding: { version: '1.1', order: 'same' }, ...mode('stage') },
    'skip',
    /staged already/,
  ],
  [
    'updating what is staged',
    { holding: { version: '1.1', order: 'same' }, ...mode('update') },
    'refuse',
    /core_Upgrade/,
  ],
  [
    'a version that is there, beside one that is staged',
    {
      installed: versions('same'),
      holding: { version: '2.0', order: 'lower' },
      wishes: { skipLowerVersion: true },
    },
    'skip',
    /same version/,
  ],
  ['something else is staged', { holding: { version: '1.2', order: 'lower' } }, 'refuse', /core_Upgrade/],

  // Patches.
  [
    'a patch without its base',
    { installed: 'nothing', archive: { patch: { ...patch, hasBase: false } } },
    'refuse',
    /0x80048540/,
  ],
  [
    'a patch that is there',
    { installed: 'nothing', archive: { patch: { ...patch, isThere: true } } },
    'refuse',
    /0x8004f042/,
  ],
  [
    'a patch below another',
    { installed: 'nothing', archive: { patch: { ...patch, higherIsThere: true } } },
    'refuse',
    /0x80061771/,
  ],
  ['a patch', { installed: 'nothing', archive: { patch } }, 'install', /beside its base/],

  // Unmanaged over unmanaged.
  ['unmanaged, newer', { archive: unmanaged, installed: unmanaged }, 'import', /merges/],
  [
    'unmanaged, older',
    { archive: unmanaged, installed: { ...unmanaged, ...versions('lower') } },
    'refuse',
    /higher 1\.0/,
  ],
  [
    'unmanaged, older, on purpose',
    {
      archive: unmanaged,
      installed: { ...unmanaged, ...versions('lower') },
      wishes: { ifLowerVersion: 'update' },
    },
    'import',
    /goes over the higher/,
  ],
  [
    'unmanaged, older, passed over',
    {
      archive: unmanaged,
      installed: { ...unmanaged, ...versions('lower') },
      wishes: { ifLowerVersion: 'skip' },
    },
    'skip',
    /higher/,
  ],
  [
    'unmanaged, same, failing',
    {
      archive: unmanaged,
      installed: { ...unmanaged, ...versions('same') },
      wishes: { ifSameVersion: 'fail' },
    },
    'refuse',
    /if-same-version/,
  ],
  [
    'unmanaged, same, skipped',
    {
      archive: unmanaged,
      installed: { ...unmanaged, ...versions('same') },
      wishes: { skipLowerVersion: true },
    },
    'skip',
    /1\.0/,
  ],
  [
    'unmanaged, mode upgrade',
    { archive: unmanaged, installed: unmanaged, ...mode('upgrade') },
    'import',
    /merges/,
  ],
  [
    'unmanaged, mode install',
    { archive: unmanaged, installed: unmanaged, ...mode('install') },
    'refuse',
    /already/,
  ],

  // Managed, higher.
  ['higher, nothing removed', {}, 'update', /nothing was removed/],
  ['higher, something removed', { removals: 'some' }, 'upgrade', /were removed/],
  ['higher, not certain', { removals: 'unknown' }, 'upgrade', /not certain/],
  ['higher, patches there', { installed: { patches: 2 } }, 'upgrade', /2 patches/],
  [
    'higher, update asked for although something is removed',
    { removals: 'some', ...mode('update') },
    'update',
    /asked for/,
  ],
  ['higher, upgrade asked for', mode('upgrade'), 'upgrade', /asked for/],
  ['higher, staging asked for', mode('stage'), 'stage', /beside the old one/],
  ['higher, install asked for', mode('install'), 'refuse', /already/],
  ['higher, skip-lower-version', { wishes: { skipLowerVersion: true } }, 'update', /nothing was removed/],

  // Managed, same.
  ['same', { installed: versions('same') }, 'update', /same version/],
  ['same, skip', { installed: versions('same'), wishes: { ifSameVersion: 'skip' } }, 'skip', /same version/],
  [
    'same, fail',
    { installed: versions('same'), wishes: { ifSameVersion: 'fail' } },
    'refuse',
    /if-same-version/,
  ],
  [
    'same, skip-lower-version',
    { installed: versions('same'), wishes: { skipLowerVersion: true } },
    'skip',
    /same version/,
  ],
  [
    'same, failing, but passing over is asked for',
    { installed: versions('same'), wishes: { ifSameVersion: 'fail', skipLowerVersion: true } },
    'skip',
    /same version/,
  ],
  [
    'same, skip, upgrade asked for',
    { installed: versions('same'), wishes: { ifSameVersion: 'skip', mode: 'upgrade' } },
    'skip',
    /same/,
  ],
  [
    'same, skip, install asked for',
    { installed: versions('same'), wishes: { ifSameVersion: 'skip', mode: 'install' } },
    'skip',
    /same/,
  ],
  ['same, upgrade asked for', { installed: versions('same'), ...mode('upgrade') }, 'update', /same version/],
  ['same, staging asked for', { installed: versions('same'), ...mode('stage') }, 'refuse', /0x80048541/],

  // Managed, lower.
  ['lower', { installed: versions('lower') }, 'refuse', /higher 1\.0/],
  [
    'lower, update',
    { installed: versions('lower'), wishes: { ifLowerVersion: 'update' } },
    'update',
    /goes over the higher/,
  ],
  [
    'lower, skip',
    { installed: versions('lower'), wishes: { ifLowerVersion: 'skip' } },
    'skip',
    /higher version/,
  ],
  [
    'lower, skip-lower-version',
    { installed: versions('lower'), wishes: { skipLowerVersion: true } },
    'skip',
    /higher version/,
  ],
  [
    'lower, skip, upgrade asked for',
    { installed: versions('lower'), wishes: { ifLowerVersion: 'skip', mode: 'upgrade' } },
    'skip',
    /higher/,
  ],
  [
    'lower, update, but passing over is asked for',
    { installed: versions('lower'), wishes: { ifLowerVersion: 'update', skipLowerVersion: true } },
    'skip',
    /higher/,
  ],
  ['lower, upgrade asked for', { installed: versions('lower'), ...mode('upgrade') }, 'refuse', /0x80048541/],
  ['lower, staging asked for', { installed: versions('lower'), ...mode('stage') }, 'refuse', /0x80048541/],
])('%s', (_, change, action, because) => {
  const decision = decide(situation(change))
  expect(decision.action).toBe(action)
  expect(decision.because).toMatch(because)
})

test('every situation is decided', () => {
  const modes: Mode[] = ['auto', 'install', 'update', 'upgrade', 'stage']
  const orders: VersionOrder[] = ['higher', 'same', 'lower']
  for (const environment of ['production', 'sandbox', 'developer', 'trial'] as const) {
    for (const wanted of modes) {
      for (const order of orders) {
        for (const managed of [true, false]) {
          for (const installed of [{ order, managed: true }, { order, managed: false }, 'nothing'] as const) {
            const decision = decide(
              situation({ environment, archive: { managed }, installed, ...mode(wanted) }),
            )
            expect(decision.because).not.toBe('')
            if (decision.action === 'refuse') expect(decision.wayOut).not.toBe('')
          }
        }
      }
    }
  }
})

function notices(change: Parameters<typeof situation>[0]): string {
  const decision = decide(situation(change))
  return decision.action === 'refuse' ? 'refused' : decision.notices.join(' ')
}

test('what differs from the wish is said', () => {
  expect(notices({ installed: 'nothing', ...mode('upgrade') })).toMatch(/nothing to upgrade/)
  expect(notices({ installed: versions('same') })).toMatch(/version was not raised/)
  expect(notices({ installed: versions('same'), ...mode('upgrade') })).toMatch(/as an update/)
  expect(
    notices({
      archive: unmanaged,
      installed: { ...unmanaged, order: 'lower' },
      wishes: { ifLowerVersion: 'update' },
    }),
  ).toMatch(/older than/)
  expect(notices({ installed: versions('lower'), wishes: { ifLowerVersion: 'update' } })).toMatch(
    /adds and changes only/,
  )
  expect(notices({})).toBe('')
})
