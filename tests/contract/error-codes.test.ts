import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  errorAdvice,
  errorPage,
  KNOWN_ERRORS,
} from '../../packages/dataverse-client/src/known-errors/index.ts'
import { actionFolders, root, sourceFiles } from '../support/actions.ts'

const page = 'docs/errors.md'
function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
const errors = KNOWN_ERRORS.flatMap((group) => group.errors)
const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text)

test('every known code has one anchor on the page, where its message leads', () => {
  expect(errors.length).toBeGreaterThanOrEqual(25)
  for (const { code } of errors) {
    expect(headings.filter((heading) => heading === code)).toEqual([code])
    expect(errorPage(`HTTP 400 ${code.toUpperCase().replace('X', 'x')} It failed.`)).toBe(`${page}#${code}`)
  }
})

test('every known code says what it means, why, and what to do', () => {
  const odd = errors.filter(
    ({ code, means, causes, next }) =>
      !/^0x[0-9a-f]{8}$/.test(code) || !means.endsWith('.') || causes.length === 0 || !next.endsWith('.'),
  )
  expect(odd).toEqual([])
})

test('a message leads to the first code in it that is known', () => {
  expect(errorPage('0xffffffff, then 0x80048041 and 0x80048040')).toBe(`${page}#0x80048041`)
  expect(errorPage('It failed (0xffffffff).')).toBeUndefined()
})

test('every code that an action names in a message of its own is known', () => {
  const unknown = actionFolders
    .flatMap(sourceFiles)
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => readFileSync(file, 'utf8').match(/\b0x[0-9a-f]{8}\b/g) ?? [])
    .filter((code) => errorAdvice(code) === undefined)
  expect(unknown).toEqual([])
})

test('links of the pages lead to an anchor that is there, and codes are explained in one place', () => {
  const pages = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)
  const wrong = pages.flatMap((file) => [
    ...[...read(file).matchAll(/\((?:errors\.md)?#(0x[^)]*)\)/g)]
      .filter(([, code]) => !headings.includes(code))
      .map(([link]) => `${file}: ${link}`),
    ...(file === page ? [] : (read(file).match(/^\| (?:\d+ )?`0x.*/gm) ?? [])),
  ])
  expect(wrong).toEqual([])
})
