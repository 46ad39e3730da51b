// `pnpm demo`: a solution goes from a development environment into source files, and managed into test and production.
// It runs the built actions as the runner does, against the emulator. Nothing leaves this machine.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readArchive } from './demo/archive.mjs'
import { startEmulatorProcess } from './demo/emulator-process.mjs'
import { runManagedOnly, runWholeWay } from './demo/journeys.mjs'
import { facts, heading, seconds, step } from './demo/print.mjs'
import { Stage } from './demo/stage.mjs'

const usage = `Usage: npx -y pnpm@12 demo [--solution FILE.zip] [--keep]

  --solution FILE.zip   your own archive instead of the sample; FILE_managed.zip beside it is used too
  --keep                the emulator stays up until Ctrl+C`

const output = resolve('.cache/demo')

async function main() {
  const options = readOptions()
  const started = performance.now()
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })

  const building = performance.now()
  execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
  step(1, 'Build the actions', performance.now() - building)

  const archive = options.solution ? await readArchive(options.solution) : undefined
  const starting = performance.now()
  const emulator = await startEmulatorProcess(archive ? ['--config', emulatorConfig(archive)] : [])
  const leave = () => void emulator.stop().then(() => process.exit(130))
  process.once('SIGINT', leave).once('SIGTERM', leave)
  try {
    step(2, 'Start the emulator: Dataverse with three environments, and Entra', performance.now() - starting)
    facts([
      ...Object.entries(emulator.ready.environments),
      ['also in test, prod', archive?.needs.filter(Boolean).join(', ')],
    ])
    const stage = new Stage({ output, ready: emulator.ready, first: 3 })
    await (archive?.managed ? runManagedOnly(stage, archive) : runWholeWay(stage, archive))
    heading(`Done in ${seconds(performance.now() - started)}. Everything is in ${shown(output)}`)
    facts(stage.places().map(([name, what]) => [join(shown(output), name), what]))
    if (options.keep) await keepUp(emulator)
  } finally {
    await emulator.stop()
  }
}

function readOptions() {
  const args = process.argv.slice(2).filter((item) => item !== '--')
  const { values } = parseArgs({
    args,
    options: {
      solution: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  if (values.solution === undefined) return values
  const solution = resolve(process.env.INIT_CWD ?? '.', values.solution)
  if (!existsSync(solution))
    throw new Error(`There is no file ${solution}. Give --solution the path of an archive.`)
  return { ...values, solution }
}

/**
 * dev holds the archive; a managed one cannot be exported, so dev stays empty for it. What the archive depends on is
 * not at hand, so test and prod are told that they have it.
 */
function emulatorConfig({ path, managed, needs }) {
  const file = join(output, 'emulator-config.json')
  const environments = {
    dev: { kind: 'developer', solutions: managed ? [] : [path] },
    test: { kind: 'sandbox', microsoftSolutions: needs },
    prod: { kind: 'production', microsoftSolutions: needs },
  }
  writeFileSync(file, `${JSON.stringify({ environments }, undefined, 2)}\n`)
  return file
}

async function keepUp({ ready, closed }) {
  const file = join(output, 'emulator.json')
  writeFileSync(file, `${JSON.stringify(ready, undefined, 2)}\n`, { mode: 0o600 })
  heading('The emulator stays up. Press Ctrl+C to end it.')
  facts([
    ...Object.entries(ready.environments),
    ['sign in at', ready.authority],
    ['tenant-id', ready.tenantId],
    ['app-id', ready.appId],
    ['client-secret', `in ${shown(file)}`],
    ['admin', ready.admin],
  ])
  await closed
}

const shown = (path) => relative('.', path) || path

try {
  await main()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  if (error?.code?.startsWith?.('ERR_PARSE_ARGS')) console.error(`\n${usage}`)
  process.exitCode = 1
}
