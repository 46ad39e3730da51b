import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulatorProcess } from '../demo/emulator-process.mjs'
import { measureAction } from './measure.mjs'

/** The first look at a job comes half a second after its start; a job that has ended by then needs no second one. */
const jobSeconds = 0.1

/** Every request that an import may send, and why it cannot be left out. What matches no line has no reason. */
const reasons = [
  [
    /^POST .*\/oauth2\/v2\.0\/token/,
    'The environment lets nobody in without a token. One lasts for the run.',
  ],
  [
    /^GET WhoAmI$/,
    'A token proves nothing: only this says whether the application is a user here, before anything else fails for it.',
  ],
  [
    /^GET RetrieveCurrentOrganization\(/,
    'Says whether this is production, where nothing unmanaged may go, and which version of the service it has.',
  ],
  [
    /^GET solutions\?.*uniquename eq '\w+' or uniquename eq '\w+_Upgrade'/,
    'The decision: is it there, in which version, managed, of whom, and is an upgrade staged? One request for both names.',
  ],
  [
    /^GET solutions\?.*_parentsolutionid_value eq /,
    'Patches make an upgrade of what would be an update. They are found by the id that the request before gave.',
  ],
  [
    /^GET msdyn_solutioncomponentsummaries\?/,
    'What an upgrade deletes must be known before it starts, and is what this has and the archive lacks.',
  ],
  [
    /^GET EntityDefinitions\(LogicalName='\w+'\)\/Attributes\?/,
    'Columns hold data, and are no components of their own where the whole table is one: one request for each table.',
  ],
  [/^GET systemforms\?/, 'Forms are no components of their own there either: one request for all tables.'],
  [/^GET savedqueries\?/, 'Views are no components of their own there either: one request for all tables.'],
  [
    /^POST StageSolution$/,
    'Uploads the archive once and finds what is missing, while nothing is changed; the import then takes the upload.',
  ],
  [
    /^GET environmentvariabledefinitions\?/,
    'Which variables have no value yet: a missing one is told before the import. Only where the archive has any.',
  ],
  [
    /^GET connectionreferences\?/,
    'Which references have no connection yet: the flows on them would stay off. Only where the archive has any.',
  ],
  [
    /^GET systemusers\(/,
    'The roles of the application user, so that a right that is missing is told before the import fails for it.',
  ],
  [
    /^GET asyncoperations\?.*statecode ne 3/,
    'Whether another operation runs: asked before the decision, and after each wait, so that nothing older wins.',
  ],
  [
    /^GET (asyncoperations|importjobs)\?.*_createdby_value eq /,
    'What there was before sending: when the answer is lost, what is new since is the import. No clock is compared.',
  ],
  [/^POST (StageAndUpgradeAsync|ImportSolutionAsync)$/, 'The import. It is sent once.'],
  [
    /^GET asyncoperations\(/,
    'Whether the job has ended. Looks begin after 0.5 s, become rarer, up to one in 15 s.',
  ],
  [
    /^GET RetrieveSolutionImportResult\(/,
    'A job can end well although components failed; this has the verdict, and the warnings.',
  ],
  [/^GET workflows\?/, 'Which flows and processes are off after the import. Only where the archive has any.'],
  [
    /^GET solutions\?.*uniquename eq '\w+'&/,
    'The output `version` is what the environment has, not what was sent.',
  ],
]

/** What is run, in an environment where the one before has left its traces. */
const runs = [
  // No row of its own: it is what the others need.
  { inputs: ({ before }) => ({ 'solution-file': before }) },
  { what: 'requests: connect', inputs: () => ({ mode: 'settings' }) },
  {
    what: 'requests: skipped import',
    inputs: ({ before }) => ({ 'solution-file': before, 'skip-lower-version': 'true' }),
  },
  { what: 'requests: upgrade', inputs: ({ after }) => ({ 'solution-file': after }) },
]

/**
 * How many requests the built action sends, by the log of the emulator.
 *
 * @param {string} work folder for archives
 * @returns {Promise<{ what: string, count: number, notJustified: string[] }[]>}
 */
export async function requestRows(work) {
  const archives = await packSamples(work)
  const config = join(work, 'requests.json')
  writeFileSync(config, JSON.stringify({ jobSeconds, environments: { prod: { kind: 'production' } } }))
  const emulator = await startEmulatorProcess(['--config', config])
  try {
    const rows = []
    for (const { what, inputs } of runs) {
      const sent = await requestsOf(emulator.ready, inputs(archives))
      const notJustified = sent.filter((request) => !reasons.some(([pattern]) => pattern.test(request)))
      if (what !== undefined) rows.push({ what, count: sent.length, notJustified })
    }
    return rows
  } finally {
    await emulator.stop()
  }
}

async function requestsOf({ admin, authority, tenantId, appId, clientSecret, environments }, inputs) {
  const log = new URL('requests', admin)
  await fetch(log, { method: 'DELETE' })
  await measureAction('import', {
    'environment-url': environments.prod,
    authority,
    'tenant-id': tenantId,
    'app-id': appId,
    'client-secret': clientSecret,
    ...inputs,
  })
  return (await (await fetch(log)).json())
    .filter(({ service }) => service !== 'admin')
    .map(({ method, path }) => `${method} ${path.replace(/^\/api\/data\/v9\.2\//, '')}`)
}

/** The sample, and before it a version with a script that it has no more. */
async function packSamples(work) {
  const sample = 'samples/orders/solution'
  const older = join(work, 'older')
  cpSync(sample, older, { recursive: true })
  const scripts = join(older, 'WebResources/lin_/scripts')
  cpSync(join(scripts, 'order_form.js'), join(scripts, 'old.js'))
  edit(join(scripts, 'order_form.js.data.xml'), join(scripts, 'old.js.data.xml'), (text) =>
    text
      .replaceAll('order_form', 'old')
      .replaceAll(/26f55d21-04c6-443f-806c-8defed5daa9f/gi, 'b0a7c7a2-5d0e-4c1b-9a53-7d4a4f6f0001'),
  )
  const manifest = join(older, 'Other/Solution.xml')
  edit(manifest, manifest, (text) =>
    text.replace(
      /<RootComponent type="61"/,
      '<RootComponent type="61" schemaName="lin_/scripts/old.js" behavior="0" />$&',
    ),
  )
  const archives = { before: join(work, 'before.zip'), after: join(work, 'after.zip') }
  await pack(older, '1.0.0.0', archives.before)
  await pack(sample, '1.1.0.0', archives.after)
  rmSync(older, { recursive: true })
  return archives
}

function edit(from, to, change) {
  writeFileSync(to, change(readFileSync(from, 'utf8')))
}

function pack(folder, version, file) {
  return measureAction('pack', {
    'solution-folder': folder,
    'solution-file': file,
    'solution-type': 'Managed',
    version,
  })
}
