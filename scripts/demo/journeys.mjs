// The two ways through the demo: an unmanaged solution goes the whole way, a managed archive is only deployed.
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { managedName } from './archive.mjs'
import { changeSample } from './change-sample.mjs'
import { facts } from './print.mjs'
import { compareTrees, readTree } from './trees.mjs'

const sample = { uniqueName: 'LindenOrders', tree: 'samples/orders/solution' }
const maxLinesShown = 40

/** dev -> files -> a change -> managed archive -> test -> prod. Without an archive, with the sample. */
export async function runWholeWay(stage, archive) {
  const name = archive?.uniqueName ?? sample.uniqueName
  const exported = { zip: `exported/${name}.zip`, tree: 'exported/source' }
  const source = stage.keep(
    'source',
    'the source files after the change, as they would be in your repository',
  )

  await exportBoth(stage, `Export ${name} from dev, unmanaged and managed`, name, exported.zip)
  if (archive) compareWithGiven(stage.path(exported.zip), archive)
  await unpack(stage, 'Unpack both into source files', exported.zip, source, 'Both')
  cpSync(stage.path(source), stage.path(exported.tree), { recursive: true })
  stage.keep(exported.tree, 'the source files of the first export, package type Both')
  if (archive) {
    stage.keep('exported/source-unmanaged', 'the same, package type Unmanaged')
    await unpack(
      stage,
      'Unpack the unmanaged archive alone',
      exported.zip,
      'exported/source-unmanaged',
      'Unmanaged',
    )
  } else {
    compareWithSample(stage.path(source))
    await changeInDev(stage, source)
  }

  await exportBoth(stage, 'Export again, as the next minor version', name, `changed/${name}.zip`, 'minor')
  await unpack(
    stage,
    'Unpack over the source files: only what changed is written',
    `changed/${name}.zip`,
    source,
    'Both',
  )
  await stage.report(
    'What the pull request tells the reviewer',
    'action-diff',
    { base: exported.tree, head: source },
    maxLinesShown,
  )

  const build = `build/${name}_managed.zip`
  await pack(stage, 'Pack the managed archive from source', source, build, 'Managed', exported.tree)
  stage.keep(build, 'what was deployed to test and prod')
  stage.keep(build.replace('.zip', '.changes.md'), 'what changed in it, for the release')
  stage.keep('exported', 'the archives of the first export')
  await deploy(stage, name, build, archive ? {} : { test: 'test', prod: 'production' })
}

/** A managed archive cannot be exported from anywhere again, so it is shown as files and deployed as it is. */
export async function runManagedOnly(stage, { path, uniqueName }) {
  stage.say(`The archive of ${uniqueName} is managed`, undefined, [
    'A managed solution cannot be exported again, so there is nothing to take from dev.',
    'It is unpacked, packed again from the files, and that archive is deployed to test and prod.',
    'To see the whole way, give the unmanaged archive.',
  ])
  const source = stage.keep('source', 'the source files, package type Managed')
  await unpack(stage, 'Unpack into source files', path, source, 'Managed')
  const build = stage.keep(
    `build/${uniqueName}_managed.zip`,
    'the archive packed from them, which was deployed',
  )
  await pack(stage, 'Pack it again from source', source, build, 'Managed')
  await deploy(stage, uniqueName, build, {})
}

async function exportBoth(stage, title, name, file, version = '') {
  await stage.run(
    title,
    'action-export',
    {
      ...stage.connection('dev'),
      'solution-name': name,
      'solution-type': 'Both',
      'solution-output-file': file,
      'publish-all': 'true',
      version,
    },
    (outputs) => [
      ['version', outputs['solution-version']],
      ['unmanaged', archiveFacts(stage, file)],
      ['managed', archiveFacts(stage, managedName(file))],
    ],
  )
}

async function unpack(stage, title, file, folder, type) {
  await stage.run(
    title,
    'action-unpack',
    { 'solution-file': file, 'solution-folder': folder, 'solution-type': type },
    (outputs) => [
      ['folder', folder],
      [
        'files',
        `${outputs['files-written']} written, ${outputs['files-unchanged']} unchanged, ${outputs['files-deleted']} deleted`,
      ],
    ],
  )
}

async function pack(stage, title, folder, file, type, earlier = '') {
  await stage.run(
    title,
    'action-pack',
    { 'solution-folder': folder, 'solution-file': file, 'solution-type': type, 'compare-with': earlier },
    (outputs) => [
      ['version', outputs.version],
      ['archive', archiveFacts(stage, file)],
      ['sha256', outputs.sha256],
    ],
  )
}

async function deploy(stage, name, file, settings) {
  for (const [environment, what] of [
    ['test', 'test'],
    ['prod', 'production'],
  ]) {
    await stage.run(
      `Import ${name} into ${what}`,
      'action-import',
      {
        ...stage.connection(environment),
        'solution-file': file,
        'deployment-settings-file': settings[environment]
          ? resolve('samples/user-repository/settings', `${settings[environment]}.json`)
          : '',
      },
      (outputs) => [
        ['decision', outputs.decision],
        ['version', `${outputs['previous-version'] || 'none'} -> ${outputs.version}`],
        ['import job', outputs['import-job-id']],
      ],
    )
  }
}

/** What a maker does in the portal: here the change arrives as an unmanaged import into dev. */
async function changeInDev(stage, source) {
  const folder = 'changed/maker'
  mkdirSync(stage.path('changed'), { recursive: true })
  cpSync(stage.path(source), stage.path(folder), { recursive: true })
  const what = changeSample(stage.path(folder))
  const file = 'changed/maker.zip'
  await stage.pretend(
    'A maker changes the solution in dev',
    [
      ['action-pack', { 'solution-folder': folder, 'solution-file': file }],
      ['action-import', { ...stage.connection('dev'), 'solution-file': file, 'publish-changes': 'true' }],
    ],
    what,
  )
}

/** The emulator gives back what nobody edited. */
function compareWithGiven(exported, { path, pair }) {
  const unmanaged = sameBytes(exported, path)
  const managed = pair && sameBytes(managedName(exported), managedName(path))
  facts([
    ['compared', `the unmanaged archive is ${unmanaged ? '' : 'not '}byte for byte the one that was given`],
    pair
      ? ['', `the managed archive is ${managed ? '' : 'not '}byte for byte the one beside it`]
      : ['', 'no managed archive was given: the emulator made it from the unmanaged one'],
  ])
}

function compareWithSample(folder) {
  const files = readTree(folder)
  const differences = compareTrees(readTree(sample.tree), files)
  facts([
    [
      'compared',
      differences.length === 0
        ? `all ${files.size} files are byte for byte those of ${sample.tree}`
        : `${differences.length} of ${files.size} files differ from ${sample.tree}`,
    ],
  ])
}

function archiveFacts(stage, file) {
  return `${file}, ${statSync(stage.path(file)).size.toLocaleString('en')} bytes`
}

function sameBytes(a, b) {
  return readFileSync(a).equals(readFileSync(b))
}
