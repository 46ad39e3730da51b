// Compares two folders of unpacked source, file by file and byte for byte.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** @returns {Map<string, Buffer>} bytes by path, with `/`, sorted */
export function readTree(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) => item.isFile())
  const paths = files.map((item) => join(item.parentPath ?? item.path, item.name))
  return new Map(
    paths
      .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** @returns {{ path: string, kind: 'added' | 'changed' | 'removed', lines: string[] }[]} */
export function compareTrees(before, after) {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted((a, b) => (a < b ? -1 : 1))
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)]
    if (!old) return [{ path, kind: 'added', lines: [] }]
    if (!now) return [{ path, kind: 'removed', lines: [] }]
    return old.equals(now) ? [] : [{ path, kind: 'changed', lines: changedLines(`${old}`, `${now}`) }]
  })
}

/** The lines between the first and the last difference, old with `-`, new with `+`. */
function changedLines(before, after) {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  return [
    ...a.slice(head, a.length - tail).map((line) => `- ${line.trim()}`),
    ...b.slice(head, b.length - tail).map((line) => `+ ${line.trim()}`),
  ]
}
