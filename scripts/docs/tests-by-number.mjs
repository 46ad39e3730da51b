import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A title that ends in numbers of reports, such as `'it is waited for (C14, C21)'`. */
const title = /(['"])((?:\\.|(?!\1).)*?) \((C\d\d(?:, C\d\d)*)\)\1/g

/** @returns {Map<string, { file: string, name: string }[]>} the tests whose name has a number, by the number */
export function testsByNumber(root = '.') {
  const found = new Map()
  for (const file of testFiles(root)) {
    for (const [, , name, numbers] of readFileSync(join(root, file), 'utf8').matchAll(title)) {
      for (const number of numbers.split(', ')) {
        found.set(number, [...(found.get(number) ?? []), { file, name: name.replace(/\\(.)/g, '$1') }])
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
