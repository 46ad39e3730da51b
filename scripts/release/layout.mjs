import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** What stands in our files for the account that the actions are published under. */
const placeholder = 'some-org'
const repository = 'dataverse-solution-actions'

/** The version of our actions in an example. */
const versions = new RegExp(`(${placeholder}/${repository}/[\\w./-]+)@v\\d[\\w.]*`, 'g')

/** Workflows that other repositories call; the others are this repository's own. */
function calledWorkflows() {
  const folder = '.github/workflows'
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .filter((file) => /^ +workflow_call:/m.test(readFileSync(file, 'utf8')))
}

/** A link of a Markdown file to another file, and the part of it that is meant. */
const links = /\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)/g

/**
 * Lays out what a release holds: only what a runner or an editor needs, since a runner downloads all of it for each action that a
 * job uses. Links to what it does not hold lead to the repository.
 *
 * @param {string} target folder that is emptied first
 * @param {{ owner?: string, version?: string, source?: string }} names `owner` and `version` are written into every
 *   `uses:` of our actions; `source` is the commit or branch that has the files which a release leaves out
 */
export function layOut(target, { owner = 'some-org', version = 'v0', source = 'main' } = {}) {
  const actions = readdirSync('.').filter((dir) => existsSync(join(dir, 'action.yml')))
  const texts = [
    ...actions.flatMap((dir) => [`${dir}/action.yml`, `${dir}/README.md`]),
    ...calledWorkflows(),
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'LICENSE',
  ]
  rmSync(target, { recursive: true, force: true })
  for (const file of texts) {
    mkdirSync(join(target, dirname(file)), { recursive: true })
    writeFileSync(join(target, file), released(file, readFileSync(file, 'utf8')))
  }
  for (const schemas of actions.map((dir) => `${dir}/schemas`).filter((dir) => existsSync(dir))) {
    mkdirSync(join(target, schemas), { recursive: true })
    for (const name of readdirSync(schemas))
      writeFileSync(join(target, schemas, name), released(name, readFileSync(join(schemas, name), 'utf8')))
  }
  cpSync('dist', join(target, 'dist'), { recursive: true })
  const { name, version: suite, license } = JSON.parse(readFileSync('package.json', 'utf8'))
  const description = { name, version: suite, license, type: 'module' }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`)

  function released(file, text) {
    const ours = text.replace(versions, (_, action) => `${action}@${version}`).replaceAll(placeholder, owner)
    if (!file.endsWith('.md')) return ours
    return ours.replace(links, (link, path, part = '') => {
      const meant = posix.join(posix.dirname(file), path)
      return texts.includes(meant)
        ? link
        : `](https://github.com/${owner}/${repository}/${meant.endsWith('.png') ? 'raw' : 'blob'}/${source}/${meant}${part})`
    })
  }
}
