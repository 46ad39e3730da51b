import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.env.DSA_SHARED ?? '../shared', 'corpus')
const types = { managed: 'Managed', both: 'Both', unmanaged: 'Unmanaged' }

/** Exported archives with the package type to unpack them as; empty where there is no corpus. */
export const archives = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => ({ name, file: join(folder, name, 'solution.zip'), type: types[name.split('-').at(-1)] }))
  .filter(({ file, type }) => type !== undefined && existsSync(file))

export function largestArchive() {
  return archives.toSorted((a, b) => statSync(b.file).size - statSync(a.file).size)[0]
}
