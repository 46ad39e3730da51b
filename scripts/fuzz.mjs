// Unpacks damaged archives, 10,000 by default: `pnpm fuzz [--seed N] [--runs N] [--seconds N]`. The archives are the
// packed sample and, where they are at hand, real ones under 200 kB (../shared/corpus, or below DSA_SHARED).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { nodeBundle } from './build/node-bundle.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '600' },
  },
})

mkdirSync('.cache', { recursive: true })
const bundle = resolve('.cache/fuzz.mjs')
await build({
  ...nodeBundle,
  stdin: {
    contents: `export * from './testing/fuzz.ts'; export { packSolution, readFolder } from './index.ts'`,
    resolveDir: 'packages/solution-package/src',
  },
  outfile: bundle,
})
const { fuzz, packSolution, readFolder } = await import(pathToFileURL(bundle))

const packed = await packSolution(readFolder('samples/orders/solution'), { packageType: 'Both' })
const archives = packed.archives.map(({ kind, bytes }) => ({
  id: `sample-${kind}`,
  packageType: kind,
  bytes,
}))
const corpus = resolve(process.env.DSA_SHARED ?? '../shared', 'corpus')
if (existsSync(join(corpus, 'index.json'))) {
  for (const { id, packageType } of JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8'))) {
    const file = join(corpus, id, 'solution.zip')
    if (packageType === 'Both' || statSync(file).size > 200_000) continue
    archives.push({ id, packageType, bytes: readFileSync(file) })
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
try {
  const report = fuzz({
    archives,
    seed: Number(values.seed),
    runs: Number(values.runs),
    folder,
    deadline: Date.now() + Number(values.seconds) * 1000,
  })
  for (const problem of report.problems.slice(0, 20)) console.error(problem)
  console.log(
    `fuzz: ${archives.length} archives, seed ${values.seed}: ${report.runs} runs, ${report.refused} refused, ${report.unpacked} unpacked, slowest ${report.slowestMs} ms, ${report.problems.length} problems`,
  )
  process.exitCode = report.problems.length > 0 || report.runs < Number(values.runs) ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
