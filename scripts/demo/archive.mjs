// What kind of archive the user gave.
import { existsSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { nodeBundle } from '../build/node-bundle.mjs'

const library = '.cache/demo-library/solution-package.mjs'

/**
 * @param {string} path
 * @returns {Promise<{ path: string, uniqueName: string, version: string, managed: boolean, pair: boolean, needs: string[] }>} `pair`
 *   says that the managed archive lies beside it, `needs` names the solutions it depends on
 */
export async function readArchive(path) {
  await build({ ...nodeBundle, entryPoints: ['packages/solution-package/src/index.ts'], outfile: library })
  const { openPackage, openZip, readManifest } = await import(new URL(`../../${library}`, import.meta.url))
  const manifestOf = (file) => readManifest(openPackage(openZip(readFileSync(file), { label: file })))
  const { uniqueName, version, managed, missingDependencies } = manifestOf(path)
  const pair = existsSync(managedName(path))
  // A managed archive names more than its unmanaged one. `solution` reads like `msdynce_Sales (9.0.4.0076)`, and is
  // left out where nobody knows the supplier.
  const suppliers = [
    ...missingDependencies,
    ...(pair ? manifestOf(managedName(path)).missingDependencies : []),
  ]
    .map(({ required }) => required.attributes.solution ?? '')
    .map((name) => name.replace(/\s*\(.*\)$/, ''))
  return { path, uniqueName, version, managed: managed === 'Managed', pair, needs: [...new Set(suppliers)] }
}

/** Where the managed archive lies that belongs to an unmanaged one. */
export function managedName(path) {
  return path.replace(/(\.zip)?$/i, '_managed$1')
}
