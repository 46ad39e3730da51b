// `pnpm bench [--quick]`: times and memory of the built actions beside what nobody can beat: bare node, unzip, zip, one round trip.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packBothFormats } from './bench/both-formats.mjs'
import { connection } from './bench/connect.mjs'
import { archives } from './bench/corpus.mjs'
import { emulatedRows } from './bench/emulated-rows.mjs'
import { emptySize, makeSolution } from './bench/made-solution.mjs'
import { measureAction, measureCommand, median } from './bench/measure.mjs'
import { whereTimeGoes } from './bench/profile.mjs'
import { requestRows } from './bench/requests.mjs'
import { revisions } from './bench/revisions.mjs'
import { roundTrips } from './bench/round-trips.mjs'

/** The actions that are built, and what the runner tells them of a job, as none. */
const actions = readdirSync('.').flatMap((folder) =>
  existsSync(join(folder, 'src/main.ts')) ? [folder.slice('action-'.length)] : [],
)
const withoutRunner = { GITHUB_EVENT_PATH: '', GITHUB_EVENT_NAME: '' }
const runs = process.argv.includes('--quick') ? 3 : 9
const largest = 3

execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
const work = mkdtempSync(join(tmpdir(), 'bench-'))
const at = (name) => join(work, name)
let made = 0
/**
 * A path that nothing has been at. Folders are deleted at the very end only: for some minutes ext4 does not use what
 * was freed again, and looks through all of it for each new file, which makes unzip and us up to ten times as slow.
 */
const another = (name) => at(`${name}-${(made += 1)}`)
const rows = []
const row = (what, measured, floor, most = {}) => rows.push({ what, measured, floor, most })
try {
  const bare = await median(runs, () => measureCommand(process.execPath, ['--eval', '0']))
  await start(bare)
  await corpus(bare)
  await bothFormats()
  await apps(bare)
  await growth()
  await comparison(bare)
  const { start: emulator, list } = await emulatedRows(work, runs)
  row('start an emulator of 200 environments', emulator)
  row('filtered list among 10,000 solutions', list)
  const oneRequest = await roundTrips(runs)
  const connect = await connection(work, runs)
  row(`sign in and WhoAmI, ${connect.requests} requests`, connect, { name: 'one request', ...oneRequest })
  for (const { what, count, notJustified } of await requestRows(work)) {
    row(what, { count })
    for (const request of notJustified) console.log(`not justified: ${request}`)
    if (notJustified.length > 0) process.exitCode = 1
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
print()

/** What a job pays for a step that has nothing to do. */
async function start(bare) {
  await makeSolution(at('empty.zip'), emptySize)
  const unpack = await median(runs, () => unpackOnce(at('empty.zip'), 'Unmanaged', at('empty')))
  row('start: unpack an empty solution', unpack, { name: 'bare node', ...bare }, { more: 100 })
  for (const name of actions) {
    const none = await median(runs, () => measureAction(name, {}, [], withoutRunner, 1))
    row(`start: action-${name}, no input`, none, { name: 'bare node', ...bare }, { more: 100 })
  }
}

/** The archives that become the most files, against unzip and zip of those files. */
async function corpus(bare) {
  if (archives.length === 0) {
    console.log('SKIPPED: no corpus of archives at hand; DSA_SHARED names the folder that holds it.')
    return
  }
  if (!tool('unzip') || !tool('zip')) return
  for (const [n, { name, file, type, files }] of archives.slice(0, largest).entries()) {
    const isBoth = type === 'Both'
    await oneArchive(`${name}, ${files} files`, { file, type }, bare, {
      unpack: { ratio: isBoth ? 2.3 : 2 },
      ...(isBoth && n === 0 && { pack: { mb: 300 } }),
      ...(!isBoth &&
        n === archives.findIndex((archive) => archive.type !== 'Both') && { pack: { ratio: 2 } }),
    })
  }
}

/** What YAML source, which has a file for each column, takes more than XML. */
async function bothFormats() {
  const archive = archives.find(({ type }) => type === 'Unmanaged')
  if (archive === undefined) return
  const { xml, yaml } = await packBothFormats(work, archive.file, runs)
  const what = `pack from YAML, ${archive.name}, ${yaml.files} files`
  row(what, yaml, { name: `from XML, ${xml.files} files`, ...xml }, { ratio: 1.5 })
}

/** A tree that is mostly what is compressed already. */
async function apps(bare) {
  if (!tool('unzip') || !tool('zip')) return
  const file = at('apps.zip')
  await makeSolution(file, { apps: 40, appKilobytes: 2500 })
  await oneArchive('100 MB of .msapp', { file, type: 'Unmanaged' }, bare, { pack: { ratio: 1.5 } })
}

/**
 * Unpacks and packs one archive, beside `unzip` and `zip -r` of the very same files.
 *
 * @param {{ unpack?: { ratio?: number, mb?: number }, pack?: { ratio?: number, mb?: number } }} most what is aimed at
 */
async function oneArchive(name, { file, type }, bare, most) {
  const packed = at('packed.zip')
  // The last of each is what the rows after it work on.
  let tree = ''
  let zip = ''
  const first = await median(runs, () => unpackOnce(file, type, (tree = another('tree'))))
  const again = await median(runs, () => unpackOnce(file, type, tree))
  const packInputs = (verify) => ({ ...unpackInputs(packed, type, tree), verify })
  const pack = (verify) => () => measureAction('pack', packInputs(verify))
  await told(`unpack ${name}`, 'unpack', unpackInputs(file, type, another('tree')))
  await told(`pack ${name}`, 'pack', packInputs('false'))
  const plain = await median(runs, pack('false'))
  const verified = await median(runs, pack('true'))
  const zipped = await median(runs, () =>
    measureCommand('zip', ['-q', '-r', (zip = another('tree.zip')), '.'], { cwd: tree }),
  )
  const unzipped = await median(runs, () => measureCommand('unzip', ['-q', '-o', zip, '-d', another('raw')]))
  const unzip = { name: 'unzip + node', ms: unzipped.ms + bare.ms }
  row(`unpack ${name}`, first, unzip, most.unpack)
  row('  again, nothing changed', again, unzip)
  row('  pack', plain, { name: 'zip -r', ...zipped }, most.pack)
  row('  pack, verified', verified, { name: 'zip -r', ...zipped })
}

/** Memory of a large archive, and whether the time grows with the size. */
async function growth() {
  const large = at('large.zip')
  await makeSolution(large, { xmlMegabytes: 30, binaryFiles: 400, binaryKilobytes: 270 })
  row(
    'unpack 108 MB with 30 MB of XML',
    await median(3, () => unpackOnce(large, 'Unmanaged', another('large'))),
  )
  for (const times of [1, 2, 4, 8]) {
    const file = at(`xml-${times}.zip`)
    await makeSolution(file, { xmlMegabytes: 6 * times, binaryFiles: 0, binaryKilobytes: 0 })
    const unpack = await median(3, () => unpackOnce(file, 'Unmanaged', another('xml')))
    row(`unpack ${6 * times} MB of XML`, unpack)
  }
}

/** What a pull request waits for: few files of many differ, or none. */
async function comparison(bare) {
  const { changed, same } = await revisions(work, runs)
  row('diff of 4,000 files, 30 changes', changed, undefined, { ms: 1500, mb: 150 })
  row('  nothing changed', same, { name: 'bare node', ...bare }, { more: 100 })
}

function unpackInputs(file, type, folder) {
  return { 'solution-file': file, 'solution-folder': folder, 'solution-type': type }
}

function unpackOnce(file, type, folder) {
  return measureAction('unpack', unpackInputs(file, type, folder))
}

async function told(what, action, inputs) {
  const parts = await whereTimeGoes(action, inputs)
  console.log(`${what}: ${parts.map(({ what: part, ms }) => `${part} ${ms.toFixed(0)} ms`).join(', ')}`)
}

/** @returns {boolean} whether the command is there; says so when it is not */
function tool(name) {
  const isThere = spawnSync(name, ['-v'], { stdio: 'ignore' }).error === undefined
  if (!isThere) console.log(`SKIPPED: no ${name} on this machine, which is what the corpus is compared with.`)
  return isThere
}

function print() {
  const cells = rows.map(({ what, measured, floor, most }) => [
    what,
    measured.count === undefined ? number(measured.ms, 'ms') : String(measured.count),
    number(measured.mb, 'MB'),
    floor ? floor.name : '',
    number(floor?.ms, 'ms'),
    floor ? `${(measured.ms / floor.ms).toFixed(1)} x` : '',
    aim(most),
  ])
  const table = [['what', 'median', 'peak', 'floor', 'median', 'ratio', 'at most'], ...cells]
  const widths = table[0].map((_, i) => Math.max(...table.map((line) => line[i].length)))
  const rule = widths.map((width) => '-'.repeat(width))
  console.log()
  for (const line of [table[0], rule, ...table.slice(1)])
    console.log(`| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`)
}

function aim({ ratio, ms, mb, more }) {
  return [ratio && `${ratio.toFixed(1)} x`, ms && `${ms} ms`, mb && `${mb} MB`, more && `${more} ms more`]
    .filter(Boolean)
    .join(', ')
}

function number(value, unit) {
  return value ? `${value.toFixed(value < 10 ? 1 : 0)} ${unit}` : ''
}
