import { execFileSync } from 'node:child_process'

/** What git prints in a folder, with a person who commits, whatever the machine has set. A failure holds what git said. */
export function gitIn(folder: string, ...args: readonly string[]): string {
  const settings = ['user.name=a', 'user.email=a@example.org', 'commit.gpgsign=false']
  return execFileSync('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}
