import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { nodeBundle } from '../build/node-bundle.mjs'
import { startEmulatorProcess } from '../demo/emulator-process.mjs'

/**
 * The time until an environment has let us in, with the libraries loaded.
 *
 * @param {string} work folder for what is bundled
 * @returns {Promise<{ ms: number, mb: undefined, requests: number }>} with the requests that one sign-in takes
 */
export async function connection(work, runs) {
  const outfile = join(work, 'connect.mjs')
  await build({ ...nodeBundle, entryPoints: ['scripts/bench/bundled/connect.mjs'], outfile })
  const { connectOnce } = await import(pathToFileURL(outfile).href)
  const emulator = await startEmulatorProcess([])
  try {
    const { admin, authority, tenantId, appId, clientSecret, environments } = emulator.ready
    const inputs = {
      environmentUrl: environments.dev,
      tenantId,
      appId,
      clientSecret,
      authority,
      cloud: 'Public',
    }
    await connectOnce(inputs)
    const log = await (await fetch(new URL('requests', admin))).json()
    const requests = log.filter(({ service }) => service !== 'admin').length
    const times = []
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now()
      await connectOnce(inputs)
      times.push(performance.now() - started)
    }
    return { ms: times.toSorted((a, b) => a - b)[Math.floor(runs / 2)], mb: undefined, requests }
  } finally {
    await emulator.stop()
  }
}
