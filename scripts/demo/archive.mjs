// What kind of archive the user gave.
import { existsSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'

const library = '.cache/demo-library/solution-package.mjs'

/**
 * @param {string} path
 * @returns {Promise<{ path: string, uniqueName: string, version: string, managed: boolean, pair: boolean }>} `pair`
 *   says that the managed archive lies beside it
 */
export async function readArchive(path) {
  await build({
    entryPoints: ['packages/solution-package/src/index.ts'],
    outfile: library,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  const { openPackage, openZip, readManifest } = await import(new URL(`../../${library}`, import.meta.url))
  const { uniqueName, version, managed } = readManifest(openPackage(openZip(readFileSync(path))))
  return {
    path,
    uniqueName,
    version,
    managed: managed === 'Managed',
    pair: existsSync(managedName(path)),
  }
}

/** Where the managed archive lies that belongs to an unmanaged one. */
export function managedName(path) {
  return path.replace(/(\.zip)?$/i, '_managed$1')
}
