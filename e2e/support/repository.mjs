// A user's repository, and a bare one that stands for GitHub.
import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'

const address = 'https://github.com/some-user/orders.git'
const identity = ['-c', 'user.name=a person', '-c', 'user.email=person@example.invalid']

export function git(...args) {
  return execFileSync('git', [...identity, ...args], { encoding: 'utf8' })
}

/** @returns {{ folder: string, origin: string }} */
export function createRepository(folder, template) {
  const origin = `${folder}.git`
  cpSync(template, folder, { recursive: true })
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
