// Lays out what a release tag holds: `node scripts/release.mjs --layout DIR [--owner OWNER] [--version TAG]`.
// Only what a runner needs is in it, since a runner downloads all of it for each action that a job uses.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const usage = 'Usage: node scripts/release.mjs --layout DIR [--owner OWNER] [--version TAG]'

/** What stands in our files for the account that the actions are published under, and for the version. */
const placeholder = 'some-org/dataverse-solution-actions'

try {
  const { values } = parseArgs({
    options: { layout: { type: 'string' }, owner: { type: 'string' }, version: { type: 'string' } },
  })
  if (values.layout === undefined) throw new Error(usage)
  execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
  layOut(values.layout, values)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/**
 * @param {string} target folder that is emptied first
 * @param {{ owner?: string, version?: string }} names written into every `uses:` of our actions
 */
function layOut(target, { owner = 'some-org', version = 'v1' }) {
  rmSync(target, { recursive: true, force: true })
  const actions = readdirSync('.').filter((dir) => existsSync(join(dir, 'action.yml')))
  for (const dir of actions) {
    mkdirSync(join(target, dir), { recursive: true })
    for (const file of ['action.yml', 'README.md']) copyText(join(dir, file), join(target, dir, file))
  }
  for (const file of ['README.md', 'SECURITY.md']) copyText(file, join(target, file))
  cpSync('LICENSE', join(target, 'LICENSE'))
  cpSync('dist', join(target, 'dist'), { recursive: true })
  const { name, version: suite, license } = JSON.parse(readFileSync('package.json', 'utf8'))
  const description = { name, version: suite, license, type: 'module' }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`)

  function copyText(from, to) {
    const uses = new RegExp(`${placeholder}(/[\\w-]+)@v\\d[\\w.]*`, 'g')
    const text = readFileSync(from, 'utf8')
    writeFileSync(
      to,
      text.replace(uses, (_, path) => `${placeholder.replace('some-org', owner)}${path}@${version}`),
    )
  }
}
