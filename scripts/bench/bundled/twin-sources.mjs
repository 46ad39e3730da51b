import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  openPackage,
  openSource,
  openZip,
  packSolution,
  unpackSolution,
} from '../../../packages/solution-package/src/index.ts'
import { yamlSourceOf } from '../../../packages/solution-package/src/sources/yaml/write-source.ts'

/**
 * Writes an archive as YAML source, and what that packs to as XML source, so that both hold the same: components of
 * which the platform was not seen to write YAML are in neither.
 *
 * @param {string} archive
 * @param {{ yaml: string, xml: string }} folders
 * @returns {Promise<{ yaml: number, xml: number }>} files of each
 */
export async function writeTwins(archive, folders) {
  const source = yamlSourceOf(open(readFileSync(archive)))
  const yaml = new Map(
    [...source.files].map(([path, read]) => [
      path,
      source.made.has(path) ? Buffer.from(read().toString().replaceAll('\n', '\r\n')) : read(),
    ]),
  )
  const tree = await openSource({ paths: [...yaml.keys()], read: (path) => yaml.get(path) })
  const { archives } = await packSolution(tree, { packageType: 'Unmanaged', allowMissingFiles: true })
  const { files } = unpackSolution({ archive: open(archives[0].bytes) }, { packageType: 'Unmanaged' })
  for (const [path, bytes] of yaml) write(join(folders.yaml, path), bytes)
  for (const [path, bytes] of files) write(join(folders.xml, path), bytes)
  return { yaml: yaml.size, xml: files.size }
}

const open = (bytes) => openPackage(openZip(bytes, { label: 'archive' }))

function write(path, bytes) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
