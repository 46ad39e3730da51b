// A user's repository, and a bare one that stands for GitHub.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The solution of the sample repository, and its source as development has it. */
export const solution = 'LindenOrders'
export const sample = 'samples/orders/solution'

const address = 'https://github.com/some-user/orders.git'
const identity = ['-c', 'user.name=a person', '-c', 'user.email=person@example.invalid']

export function git(...args) {
  return execFileSync('git', [...identity, ...args], { encoding: 'utf8' })
}

/**
 * Lines of a workflow that GitHub knows, and act 0.2.89 refuses. For a checkout with a `ref` it would fetch the action,
 * while without one it copies the repository itself.
 */
const unknownToAct = /^ +(?:queue: max|deployment: false|ref: \$\{\{ inputs\.(?:base|ref) \}\})(?=\s).*\n/gm

/** Takes them out of the workflows of a repository. */
export function withoutUnknown(folder) {
  const workflows = join(folder, '.github/workflows')
  for (const name of readdirSync(workflows)) {
    const file = join(workflows, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(unknownToAct, ''))
  }
}

/** Whom a user takes the actions from, and in which version: neither is what stands in the files here. */
export const publisher = { owner: 'contoso', version: 'v9.8.7' }
export const publishedActions = `${publisher.owner}/dataverse-solution-actions@${publisher.version}`

/** What a user writes in a workflow of the samples, to use the actions as they are published. */
export function asPublished(workflow) {
  return workflow.replace(
    /some-org\/(dataverse-solution-actions\/[\w./-]+)@v0/g,
    `${publisher.owner}/$1@${publisher.version}`,
  )
}

/** @returns {{ folder: string, origin: string }} */
export function createRepository(folder, template) {
  const origin = `${folder}.git`
  cpSync(template, folder, { recursive: true })
  withoutUnknown(folder)
  const workflows = join(folder, '.github/workflows')
  for (const name of readdirSync(workflows)) {
    const file = join(workflows, name)
    writeFileSync(file, asPublished(readFileSync(file, 'utf8')))
  }
  git('init', '--quiet', '--initial-branch', 'main', folder)
  git('-C', folder, 'add', '--all')
  git('-C', folder, 'commit', '--quiet', '--message', 'Copy the workflows of the sample')
  git('clone', '--quiet', '--bare', folder, origin)
  // act takes the name of the repository from this address, and copies the repository for actions/checkout, settings
  // included: what a job pushes goes to the bare one.
  git('-C', folder, 'remote', 'add', 'origin', address)
  git('-C', folder, 'config', `url.${origin}.pushInsteadOf`, address)
  return { folder, origin }
}
