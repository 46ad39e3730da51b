import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/actions.ts'

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** The rows of the page: number, and files of tests, or the reason why there is none. */
const rows = [...read('docs/complaints.md').matchAll(/^\| (C\d\d) +\|.*\| (.*?) +\|$/gm)].map(
  ([, id = '', proof = '']) => ({
    id,
    proof,
    files: [...proof.matchAll(/\]\(\.\.\/([^)]*)\)/g)].map(([, file = '']) => file),
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
  expect(rows.filter(({ files, proof }) => files.length === 0 && !/^_No test: \w.*\._$/.test(proof))).toEqual(
    [],
  )
})

test('the page names the files that have the number in the name of a test, and no others', () => {
  expect(numbered.length).toBeGreaterThan(0)
  const pairs = (list: readonly { readonly id: string; readonly file: string }[]) =>
    [...new Set(list.map(({ id, file }) => `${id} ${file}`))].toSorted()
  expect(pairs(rows.flatMap(({ id, files }) => files.map((file) => ({ id, file }))))).toEqual(pairs(numbered))
})

test('at least 45 reports are answered by a test', () => {
  expect(rows.filter(({ files }) => files.length > 0).length).toBeGreaterThanOrEqual(45)
})
