import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A title that ends in numbers of reports, such as `'it is waited for (C14, C21)'`. */
const title = /\S \((C\d\d(?:, C\d\d)*)\)['"]/g

/** @returns {Map<string, string[]>} the files with a test whose name has a number, by the number */
export function testsByNumber(root = '.') {
  const found = new Map()
  for (const file of testFiles(root)) {
    for (const [, numbers] of readFileSync(join(root, file), 'utf8').matchAll(title)) {
      for (const number of numbers.split(', ')) {
        found.set(number, [...(found.get(number) ?? []), file])
      }
    }
  }
  return found
}

const testFiles = (root) =>
  readdirSync(root)
    .filter((name) => name.startsWith('action-') || name === 'packages' || name === 'tests')
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
    )
    .toSorted()
