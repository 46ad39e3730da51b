import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { nodeBundle } from '../../scripts/build/node-bundle.mjs'

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
    ...nodeBundle,
  })
  return { file, remove: () => rmSync(place, { recursive: true }) }
}
