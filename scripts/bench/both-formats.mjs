import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { nodeBundle } from '../build/node-bundle.mjs'
import { measureAction } from './measure.mjs'

/**
 * Packs the same solution from XML and from YAML, by turns, so that what else the machine does slows both.
 *
 * @param {string} work folder for the sources
 * @param {string} archive
 * @param {number} runs of each
 * @returns {Promise<Record<'xml' | 'yaml', import('./measure.mjs').Measured & { files: number }>>}
 */
export async function packBothFormats(work, archive, runs) {
  const outfile = join(work, 'twin-sources.mjs')
  await build({ ...nodeBundle, entryPoints: ['scripts/bench/bundled/twin-sources.mjs'], outfile })
  const { writeTwins } = await import(pathToFileURL(outfile).href)
  const folders = { xml: join(work, 'twin-xml'), yaml: join(work, 'twin-yaml') }
  const files = await writeTwins(archive, folders)
  const measured = { xml: [], yaml: [] }
  for (let run = 0; run < runs; run += 1) {
    for (const format of ['xml', 'yaml']) {
      const inputs = { 'solution-folder': folders[format], 'solution-file': join(work, `${format}.zip`) }
      // Components that are in neither are in the list of root components all the same.
      measured[format].push(await measureAction('pack', { ...inputs, verify: 'false' }))
    }
  }
  const middle = (format) => ({
    ...measured[format].toSorted((a, b) => a.ms - b.ms)[Math.floor(runs / 2)],
    files: files[format],
  })
  return { xml: middle('xml'), yaml: middle('yaml') }
}
