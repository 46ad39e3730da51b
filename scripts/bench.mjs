// `pnpm bench`: times and memory of the built actions beside what nobody can beat: bare node, unzip, zip, one round trip.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptySolution } from './bench/empty-solution.mjs'
import { roundTrips } from './bench/round-trips.mjs'
import { measureAction, measureCommand, median } from './bench/measure.mjs'
import { archives, largestArchive } from './bench/corpus.mjs'

const startRuns = 15
const runs = 5

execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
const work = mkdtempSync(join(tmpdir(), 'bench-'))
const rows = []
const row = (what, measured, floor) => rows.push({ what, measured, floor })
try {
  await start()
  await corpus()
  row('one request over loopback', await roundTrips(runs), undefined)
} finally {
  rmSync(work, { recursive: true, force: true })
}
print()

/** What a job pays for a step that has nothing to do. */
async function start() {
  const file = join(work, 'empty.zip')
  await emptySolution(file)
  const folder = join(work, 'empty')
  const bare = await median(startRuns, () => measureCommand(process.execPath, ['--eval', '0']))
  const unpack = await median(startRuns, () =>
    measureAction('unpack', { 'solution-file': file, 'solution-folder': folder }),
  )
  row('start: unpack an empty solution', unpack, { name: 'bare node', ...bare })
  console.log(`Cold start of action-unpack: ${(unpack.ms - bare.ms).toFixed(0)} ms more than bare node.`)
}

async function corpus() {
  if (archives.length === 0) {
    console.log('SKIPPED: no corpus of archives at hand; DSA_SHARED names the folder that holds it.')
    return
  }
  const floor = tool('unzip')
  await unpackAll(floor)
  await unpackAndPackLargest(floor, tool('zip'))
}

async function unpackAll(unzip) {
  const ours = await inTurn(({ file, type }, folder) => unpackOnce(file, type, folder))
  const theirs =
    unzip && (await inTurn(({ file }, folder) => measureCommand('unzip', ['-q', '-o', file, '-d', folder])))
  row(`unpack ${archives.length} archives, one after the other`, ours, theirs && { name: 'unzip', ...theirs })
}

/** The time of all archives together, and the most memory that one of them took. */
async function inTurn(measure) {
  let [ms, mb] = [0, 0]
  for (const archive of archives) {
    const folder = join(work, 'one')
    const measured = await measure(archive, folder)
    rmSync(folder, { recursive: true })
    ms += measured.ms
    mb = Math.max(mb, measured.mb ?? 0)
  }
  return { ms, mb }
}

async function unpackAndPackLargest(unzip, zip) {
  const { name, file, type } = largestArchive()
  const [tree, raw, target] = ['tree', 'raw', 'packed.zip'].map((item) => join(work, item))
  const unpack = await median(runs, () => {
    rmSync(tree, { recursive: true, force: true })
    return unpackOnce(file, type, tree)
  })
  const again = await median(runs, () => unpackOnce(file, type, tree))
  const unzipped = unzip && (await median(runs, () => measureCommand('unzip', ['-q', '-o', file, '-d', raw])))
  row(`unpack ${name}`, unpack, unzipped && { name: 'unzip', ...unzipped })
  row(`unpack ${name} again, nothing changed`, again, unzipped && { name: 'unzip', ...unzipped })
  const pack = await median(runs, () =>
    measureAction('pack', {
      'solution-file': target,
      'solution-folder': tree,
      'solution-type': type,
      verify: 'false',
    }),
  )
  const zipped =
    zip &&
    (await median(runs, () => {
      rmSync(target, { force: true })
      return measureCommand('zip', ['-q', '-r', target, '.'], { cwd: tree })
    }))
  row(`pack ${name}`, pack, zipped && { name: 'zip', ...zipped })
}

function unpackOnce(file, type, folder) {
  return measureAction('unpack', { 'solution-file': file, 'solution-folder': folder, 'solution-type': type })
}

/** @returns {boolean} whether the command is there; says so when it is not */
function tool(name) {
  const isThere = spawnSync(name, ['-v'], { stdio: 'ignore' }).error === undefined
  if (!isThere) console.log(`SKIPPED: no ${name} on this machine, so that column stays empty.`)
  return isThere
}

function print() {
  const cells = rows.map(({ what, measured, floor }) => [
    what,
    number(measured.ms, 'ms'),
    number(measured.mb, 'MB'),
    floor ? floor.name : '',
    number(floor?.ms, 'ms'),
    floor ? `${(measured.ms / floor.ms).toFixed(1)} x` : '',
  ])
  const table = [['what', 'median', 'peak', 'floor', 'median', 'ratio'], ...cells]
  const widths = table[0].map((_, i) => Math.max(...table.map((line) => line[i].length)))
  console.log()
  for (const line of table)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
}

function number(value, unit) {
  return value ? `${value.toFixed(value < 10 ? 1 : 0)} ${unit}` : ''
}
