import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.env.DSA_SHARED ?? '../shared', 'corpus')
const index = join(folder, 'index.json')

/** Exported archives by the number of files that they become, most first; empty where there is no corpus. */
export const archives = (existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : [])
  .map(({ id, packageType, files }) => ({
    name: id,
    file: join(folder, id, 'solution.zip'),
    type: packageType,
    files,
  }))
  .toSorted((a, b) => b.files - a.files)
