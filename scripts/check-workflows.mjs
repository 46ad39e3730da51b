// Checks workflows and action.yml files with GitHub's own language service: `node scripts/check-workflows.mjs`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { nodeBundle } from './build/node-bundle.mjs'

const folders = ['.github/workflows', 'samples/user-repository/.github/workflows', 'e2e/workflows']
const files = [
  ...folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
  ...readdirSync('.')
    .filter((name) => name.startsWith('action-'))
    .map((name) => join(name, 'action.yml')),
]

const { findings } = await loadService()
let count = 0
for (const file of files) {
  for (const { line, message } of await findings(file, readFileSync(file, 'utf8'))) {
    console.error(`${file}:${line}: ${message}`)
    count += 1
  }
}
if (count > 0) process.exitCode = 1
else console.log(`${files.length} workflows and actions are as GitHub reads them.`)

/** Its modules import JSON in a way that Node does not allow, so it is bundled first. */
async function loadService() {
  const outfile = '.cache/check-workflows.mjs'
  await build({ ...nodeBundle, entryPoints: ['scripts/workflows/findings.mjs'], outfile })
  return import(pathToFileURL(outfile).href)
}
