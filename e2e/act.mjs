// `pnpm e2e`: the workflows of samples/user-repository run in act, with the actions as a release publishes them,
// against the emulator. Nothing leaves this machine. `pnpm e2e sync` runs the first flow alone: each of the others
// begins with what those before it left.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startEmulatorProcess } from '../scripts/demo/emulator-process.mjs'
import { readTree } from '../scripts/demo/trees.mjs'
import { deploy, rollBack } from './flows/deploy.mjs'
import { drift } from './flows/drift.mjs'
import { leak } from './flows/masking.mjs'
import { described } from './flows/requests.mjs'
import { restore } from './flows/restore.mjs'
import { review } from './flows/review.mjs'
import { sync } from './flows/sync.mjs'
import { check, conclude } from './support/checks.mjs'
import { emulatorConfig } from './support/environments.mjs'
import { startGithubProxy } from './support/github-proxy.mjs'
import { createRepository, publisher, sample, withoutUnknown } from './support/repository.mjs'
import { findAct, howToInstall } from './support/run-act.mjs'
import { createStage } from './support/stage.mjs'

/** In this order. */
const flows = { sync, restore, deploy, drift, review, rollBack, masking }

const act = findAct()
if (act === undefined) {
  console.error(howToInstall)
  process.exit(1)
}

const work = mkdtempSync(join(tmpdir(), 'e2e-'))
const published = join(work, 'published')
const { owner, version } = publisher
execFileSync(
  process.execPath,
  ['scripts/release.mjs', '--layout', published, '--owner', owner, '--version', version],
  { stdio: 'inherit' },
)
withoutUnknown(published)
await check('a release is below 2 MB to download', () => {
  const size = [...readTree(published).values()].reduce((total, bytes) => total + gzipSync(bytes).length, 0)
  assert.ok(size < 2e6, `${size} bytes`)
})
await check(
  'a release names its own parts by its owner and its version, and holds nothing else of ours',
  () => {
    const texts = [...readTree(published)].filter(([path]) => path.endsWith('.yml'))
    const foreign = texts.filter(([, bytes]) => String(bytes).includes('some-org'))
    assert.deepEqual(
      foreign.map(([path]) => path),
      [],
    )
    assert.ok(texts.some(([, bytes]) => String(bytes).includes(`@${version}`)))
    assert.ok(![...readTree(published).keys()].some((path) => /node_modules|\/src\/|\.ts$/.test(path)))
  },
)
const configFile = join(work, 'emulator.json')
writeFileSync(configFile, JSON.stringify(emulatorConfig(resolve(sample))))
const emulator = await startEmulatorProcess(['--config', configFile])
const github = await startGithubProxy(emulator.ready)
try {
  const repository = createRepository(join(work, 'repository'), 'samples/user-repository')
  const stage = createStage({ act, ready: emulator.ready, github, work, published, repository })
  const last = process.argv[2] ?? 'masking'
  for (const [name, play] of Object.entries(flows)) {
    const begin = performance.now()
    await check(`the flow ${name} comes to its end`, () => play(stage))
    console.log(`\n== flow ${name}: ${Math.round((performance.now() - begin) / 1_000)} s`)
    if (name === last) break
  }
  await described(stage)
} finally {
  await github.close()
  await emulator.stop()
  rmSync(work, { recursive: true, force: true })
}
conclude()

async function masking(stage) {
  for (const environment of ['test', 'prod']) await leak(stage, environment)
}
