// What a release holds, laid out in a folder or committed: `dist/` is not on the main branch.
//   node scripts/release.mjs --layout DIR [--owner OWNER] [--version TAG]
//   node scripts/release.mjs --tag --owner OWNER [--bundle FILE]
//   node scripts/release.mjs --publish FILE
// With --tag, the branch `edge` moves to the release of HEAD; a version of package.json that has no tag yet gets
// `vX.Y.Z`, which never moves, and `vX`, which moves. All that is local: the last line says what to push. A bundle holds
// it for a clone elsewhere, which --publish pushes from: so what builds needs no right to push.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  bundle,
  commitFolder,
  head,
  isClean,
  isLatestOfMajor,
  moveRef,
  publish,
  releasedVersions,
} from './release/commit.mjs'
import { layOut } from './release/layout.mjs'

const usage = `Usage: node scripts/release.mjs --layout DIR [--owner OWNER] [--version TAG]
       node scripts/release.mjs --tag --owner OWNER [--bundle FILE]
       node scripts/release.mjs --publish FILE`

try {
  const { values } = parseArgs({
    options: {
      layout: { type: 'string' },
      tag: { type: 'boolean', default: false },
      owner: { type: 'string' },
      version: { type: 'string' },
      bundle: { type: 'string' },
      publish: { type: 'string' },
    },
  })
  if (values.layout !== undefined && !values.tag) {
    build()
    layOut(values.layout, values)
  } else if (values.tag && values.owner !== undefined && values.layout === undefined) {
    release(values.owner, values.bundle)
  } else if (values.publish !== undefined && Object.keys(values).length === 2) {
    console.log(`Published: ${publish(values.publish).join(', ')}`)
  } else throw new Error(usage)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

function build() {
  execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
}

/**
 * @param {string} owner the account that the actions are published under
 * @param {string} [file] bundle to write
 */
function release(owner, file) {
  if (!isClean()) {
    throw new Error(
      'There are changes that are not committed. A release is built from a commit: commit them first.',
    )
  }
  build()
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  try {
    const pushes = [publishEdge(), ...publishVersion()]
    if (file !== undefined)
      bundle(
        file,
        pushes.map((ref) => ref.replace('+', '')),
      )
    console.log('To publish it:')
    console.log(`git push --atomic origin ${pushes.join(' ')}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }

  function commit(name) {
    layOut(folder, { owner, version: name, source: head() })
    const id = commitFolder(folder, `Release ${name}`)
    console.log(`${name} is ${id}`)
    return id
  }

  function publishEdge() {
    moveRef('refs/heads/edge', commit('edge'))
    return '+refs/heads/edge'
  }

  function publishVersion() {
    const tag = `v${JSON.parse(readFileSync('package.json', 'utf8')).version}`
    const released = releasedVersions()
    if (released.includes(tag)) {
      console.log(`${tag} is released already and stays as it is.`)
      return []
    }
    const id = commit(tag)
    moveRef(`refs/tags/${tag}`, id)
    // A correction of an older version must not take the users of `vX` back.
    if (!isLatestOfMajor(tag, released)) return [`refs/tags/${tag}`]
    const [major] = tag.split('.')
    moveRef(`refs/tags/${major}`, id)
    return [`refs/tags/${tag}`, `+refs/tags/${major}`]
  }
}
