import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What stands in our files for the account that the actions are published under, and for the version. */
const placeholder = 'some-org/dataverse-solution-actions'
const uses = new RegExp(`${placeholder}(/[\\w-]+)@v\\d[\\w.]*`, 'g')

/**
 * Lays out what a release holds: only what a runner needs, since a runner downloads all of it for each action that a
 * job uses.
 *
 * @param {string} target folder that is emptied first
 * @param {{ owner?: string, version?: string }} names written into every `uses:` of our actions
 */
export function layOut(target, { owner = 'some-org', version = 'v1' }) {
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
    const text = readFileSync(from, 'utf8')
    const repository = placeholder.replace('some-org', owner)
    writeFileSync(
      to,
      text.replace(uses, (_, path) => `${repository}${path}@${version}`),
    )
  }
}
