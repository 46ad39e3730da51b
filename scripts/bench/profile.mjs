import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureAction } from './measure.mjs'

/** Which functions mean which work; the innermost one of a stack that is named here counts. */
const rest = 'deciding what goes where'
const work = [
  // The modules of an action are evaluated until it ends, so that its work would count as its start.
  [rest, ['runAction']],
  ['waiting for the threads that deflate', ['(idle)']],
  ['garbage collection', ['(garbage collector)']],
  ['start', ['loadAndTranslate', 'evaluate', 'prepareMainThreadExecution', 'requireBuiltin', '(program)']],
  ['inflating', ['readContent', 'readCentralDirectory']],
  ['reading XML', ['parseXml']],
  ['making XML', ['finish', 'copy', 'copyAs', 'copyContent', 'copyDocument']],
  [
    'files of the system',
    ['writeFileSync', 'mkdirSync', 'renameSync', 'readFileSync', 'readdirSync', 'lstatSync'],
  ],
  ['deflating', ['deflatePiece', 'joined', 'writeCompressed', 'crc32']],
]
const workOf = new Map(work.flatMap(([name, functions]) => functions.map((of) => [of, name])))

/**
 * Where the time of an action goes, by the profiler of Node, which makes it somewhat slower.
 *
 * @param {string} name of the action
 * @param {Record<string, string>} inputs
 * @returns {Promise<{ what: string, ms: number }[]>} most first
 */
export async function whereTimeGoes(name, inputs) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))
  try {
    await measureAction(name, inputs, ['--cpu-prof', `--cpu-prof-dir=${folder}`])
    // Threads have profiles of their own; that of the action is the first.
    const [first] = readdirSync(folder).toSorted((a, b) => threadOf(a) - threadOf(b))
    return sums(JSON.parse(readFileSync(join(folder, first), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile` */
const threadOf = (file) => Number(file.split('.')[4])

function sums({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const nameOf = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const found = workOf.get(byId.get(at).callFrame.functionName)
      if (found !== undefined) return found
    }
    return rest
  }
  const total = new Map()
  for (const [i, id] of samples.entries()) {
    const what = nameOf(id)
    total.set(what, (total.get(what) ?? 0) + timeDeltas[i] / 1000)
  }
  return [...total].map(([what, ms]) => ({ what, ms })).toSorted((a, b) => b.ms - a.ms)
}
