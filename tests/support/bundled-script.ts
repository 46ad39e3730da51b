import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A script that Node can run. */
export interface BundledScript {
  readonly file: string
  remove(): void
}

/**
 * Bundles TypeScript as actions are, without the action around it.
 *
 * @param source imports count from `folder`
 */
export async function bundledScript(source: string, folder: string): Promise<BundledScript> {
  const place = mkdtempSync(join(tmpdir(), 'script-'))
  const file = join(place, 'script.mjs')
  await build({
    stdin: { contents: source, loader: 'ts', resolveDir: folder },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  })
  return { file, remove: () => rmSync(place, { recursive: true }) }
}
