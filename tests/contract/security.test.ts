import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/actions.ts'

/** The rows of SECURITY.md: an attack, what holds, and the test that shows it. */
const rows = [
  ...readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(
    /^\| (.+?) +\| .+ \| \[(.+)\]\((.+\.test\.ts)\) +\|$/gm,
  ),
].map(([, attack = '', name = '', file = '']) => ({ attack, name, file }))

test('every attack that SECURITY.md tells has its test, by the name of it', () => {
  expect(rows.length).toBeGreaterThanOrEqual(24)
  const missing = rows.filter(({ name, file }) => {
    if (!existsSync(join(root, file))) return true
    const source = readFileSync(join(root, file), 'utf8').replaceAll(String.raw`\'`, "'")
    // A title, or its end where it begins with what a table fills in.
    return ![`${name}'`, `${name} (C`].some((title) => source.includes(title))
  })
  expect(missing).toEqual([])
})
