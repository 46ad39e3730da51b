// A pull request of a person, and one of a fork.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, show } from '../support/checks.mjs'
import { installedSolutions } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { commentsOf, eventOf, openPull, pushed, tokens } from '../support/pull-requests.mjs'
import { git, solution } from '../support/repository.mjs'

/**
 * A pull request from a branch of the repository: it gets a comment, and test is asked what an import would do, and
 * stays as it is. A second push brings the comment up to date. A fork has the summary alone.
 */
export async function review(stage) {
  const { folder } = stage
  const base = git('-C', folder, 'rev-parse', 'main').trim()
  git('-C', folder, 'checkout', '--quiet', '-b', 'change')
  const pull = await openPull(stage.ready, {
    branch: 'change',
    base,
    head: require(folder, 'required'),
  })
  const run = await stage.start('check', 'test', onPull(stage, pull))
  show('check: a pull request', run, [])
  await check('check and review succeed', () => succeeded(run, { check: 'success', review: 'success' }))
  await check('check says what an import would do', () => {
    const outputs = Object.values(run.outputs).find((values) => values.decision)
    assert.equal(outputs?.decision, 'update')
    assert.equal(outputs?.changed, 'false')
    assert.match(run.summaries.join('\n'), /LindenOrders/)
  })
  await check('test is as it was before the check', async () => {
    assert.deepEqual(await installedSolutions(stage.ready, 'test', solution), [
      { version: '1.2.0.0', ismanaged: true },
    ])
  })
  await checkSecrets('check', run, 'test')
  const [first, ...others] = await commentsOf(stage.ready, pull)
  await check('the pull request has one comment, with what changed', () => {
    assert.equal(others.length, 0)
    assert.match(first?.body ?? '', /Notes[^]*Optional[^]*Business required/)
  })

  const second = await stage.start(
    'second-push',
    'test',
    onPull(stage, await pushed(stage.ready, pull, require(folder, 'recommended'))),
  )
  await check('a second push brings the same comment up to date', async () => {
    succeeded(second, { review: 'success', check: 'success' })
    const [comment, ...more] = await commentsOf(stage.ready, pull)
    assert.equal(more.length, 0)
    assert.equal(comment.id, first?.id)
    assert.match(comment.body, /Optional[^]*Business recommended/)
  })

  const fork = await openPull(stage.ready, {
    branch: 'change',
    base,
    head: git('-C', folder, 'rev-parse', 'HEAD').trim(),
    owner: 'contributor',
  })
  const foreign = await stage.start('fork', 'test', onPull(stage, fork), {
    token: tokens.fork,
    api: '/api/v3',
  })
  show('check: a pull request of a fork', foreign, [])
  await check('a fork has the summary alone, which is said, and the run is green', async () => {
    succeeded(foreign, { review: 'success' })
    assert.match(foreign.summaries.join('\n'), /Business recommended/)
    assert.match(foreign.log.join('\n'), /comes from a fork/)
    assert.match(foreign.summaries.join('\n'), /No environment was asked/)
    assert.deepEqual(await commentsOf(stage.ready, fork), [])
  })
  git('-C', folder, 'checkout', '--quiet', 'main')
}

/** Commits how much the column Notes is required. */
function require(folder, level) {
  const file = join(folder, 'solutions', solution, 'Entities/lin_Order/Entity.xml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(/(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)\w+/, `$1${level}`),
  )
  git('-C', folder, 'commit', '--quiet', '--all', '--message', `Notes: ${level}`)
  return git('-C', folder, 'rev-parse', 'HEAD').trim()
}

function onPull(stage, pull) {
  const event = join(stage.work, `pull-request-${pull.number}.json`)
  writeFileSync(event, JSON.stringify(eventOf(pull)))
  return ['pull_request', '--eventpath', event, '-W', '.github/workflows/check.yml']
}
