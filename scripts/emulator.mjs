// Starts the emulator: bundles its command line into .cache (Node 20 runs no TypeScript) and loads it.
import { build } from 'esbuild'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'

const outfile = join(process.cwd(), '.cache', 'emulator', `cli-${process.pid}.mjs`)
await build({
  entryPoints: ['packages/dataverse-emulator/src/cli.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
  // CommonJS dependencies call require(), which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
})
try {
  await import(pathToFileURL(outfile).href)
} finally {
  const { rm } = await import('node:fs/promises')
  await rm(outfile, { force: true })
}
