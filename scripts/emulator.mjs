// Starts the emulator: bundles its command line into .cache (Node 20 runs no TypeScript) and loads it.
import { build } from 'esbuild'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { nodeBundle } from './build/node-bundle.mjs'

const outfile = join(process.cwd(), '.cache', 'emulator', `cli-${process.pid}.mjs`)
await build({ ...nodeBundle, entryPoints: ['packages/dataverse-emulator/src/cli.ts'], outfile })
try {
  await import(pathToFileURL(outfile).href)
} finally {
  const { rm } = await import('node:fs/promises')
  await rm(outfile, { force: true })
}
