import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/actions.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The rows of the page: number, and names and files of tests, or the reason why there is none. */
const rows = [...read('docs/complaints.md').matchAll(/^\| (C\d\d) +\|.*\| (.*?) +\|$/gm)].map(
  ([, id = '', proof = '']) => ({
    id,
    proof,
    tests: [...proof.matchAll(/\[((?:\\.|[^\]\\])*)\]\(\.\.\/([^)]*)\)/g)].map(
      ([, name = '', file = '']) => ({
        name: name.replace(/\\(.)/g, '$1'),
        file,
      }),
    ),
  }),
)

/** Numbers at the end of names of tests, with the file. */
const numbered = readdirSync(root)
  .filter((folder) => folder.startsWith('action-') || folder === 'packages' || folder === 'tests')
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  )
  .flatMap((file) =>
    [...read(file).matchAll(/ \((C\d\d(?:, C\d\d)*)\)['"]/g)].flatMap(([, ids = '']) =>
      ids.split(', ').map((id) => ({ id, file })),
    ),
  )

test('the page has every number once, with tests or with the reason why there are none', () => {
  const ids = Array.from({ length: 97 }, (_, index) => `C${String(index + 1).padStart(2, '0')}`)
  expect(rows.map(({ id }) => id).toSorted()).toEqual(ids)
  expect(rows.filter(({ tests, proof }) => tests.length === 0 && !/^_No test: \w.*\._$/.test(proof))).toEqual(
    [],
  )
})

test('the tests that the page names exist, and have the number in their name', () => {
  const missing = rows.flatMap(({ id, tests }) =>
    tests.filter(({ name, file }) => {
      if (!existsSync(join(root, file))) return true
      const source = read(file).replaceAll(String.raw`\'`, "'")
      const at = source.indexOf(`${name} (`)
      return at < 0 || !new RegExp(`^\\((?:C\\d\\d, )*${id}[,)]`).test(source.slice(at + name.length + 1))
    }),
  )
  expect(missing).toEqual([])
})

test('every number in the name of a test is on the page, with its file', () => {
  expect(numbered.length).toBeGreaterThan(0)
  const missing = numbered.filter(
    ({ id, file }) => rows.find((row) => row.id === id)?.tests.some((one) => one.file === file) !== true,
  )
  expect(missing).toEqual([])
})

test('at least 45 reports are answered by a test', () => {
  expect(rows.filter(({ tests }) => tests.length > 0).length).toBeGreaterThanOrEqual(45)
})
