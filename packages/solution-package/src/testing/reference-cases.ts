import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  openPackage,
  openZip,
  unpackSolution,
  type PackageType,
  type SourceTree,
  type UnpackedSolution,
} from '../index.ts'

/**
 * Archives and probes with what SolutionPackager made of them. They lie beside the checkout where there are any, and
 * are never part of it; `DSA_SHARED` names another place.
 */
const shared = resolve(
  fileURLToPath(new URL('../../../..', import.meta.url)),
  process.env['DSA_SHARED'] ?? '../shared',
)

export interface ReferenceCase {
  readonly id: string
  readonly packageType: PackageType
  readonly folder: string
  /** Of the corpus: which solution it is, in which version. */
  readonly uniqueName?: string
  readonly version?: string
  /** Of the corpus: `exported` is what an environment wrote. */
  readonly origin?: string
  /** The reference tool fails. */
  readonly fails: boolean
}

export interface Probe extends ReferenceCase {
  readonly action: 'Extract' | 'Pack'
}

/** The cases of a collection, or undefined when it is not there. */
export function referenceCases(collection: 'corpus'): ReferenceCase[] | undefined
export function referenceCases(collection: 'probes'): Probe[] | undefined
export function referenceCases(collection: 'corpus' | 'probes'): ReferenceCase[] | undefined {
  const index = join(shared, collection, 'index.json')
  if (!existsSync(index)) return undefined
  const cases: ReferenceCase[] = JSON.parse(readFileSync(index, 'utf8'))
  return cases.map((item) => {
    const folder = join(shared, collection, item.id)
    return { ...item, folder, fails: existsSync(join(folder, 'expected-error.json')) }
  })
}

/** Where a tree or an archive differs from the old tool's on purpose; docs/unpack.md says why. */
const ON_PURPOSE: Readonly<Record<string, readonly string[]>> = {
  connectors: [
    'too much: Connectors/other.json',
    ...['connectionparameters.json', 'iconblob.Png', 'openapidefinition.json'].map(
      (file) => `missing: Connectors/acme_my-20conn_${file}`,
    ),
    'missing: Connectors/acme_my-20connx_script.csx',
  ],
  'generic-duplicate-name': ['different: Gizmos/Widget.meta.xml', 'too much: Gizmos/Widget_2.meta.xml'],
  roles: ['different: Roles/gadget.xml', 'too much: Roles/gadget_{1a2b3c4d-0003-4444-8888-000000000111}.xml'],
  'pack-content-types': ['missing: n3/.hidden'],
}

/** What of the differences is not on purpose, or on purpose and not there. */
export function notOnPurpose(id: string, lines: readonly string[]): string[] {
  const meant = ON_PURPOSE[id] ?? []
  return [
    ...lines.filter((line) => !meant.includes(line)),
    ...meant.filter((line) => !lines.includes(line)).map((line) => `not so: ${line}`),
  ]
}

/** A collection that has no index, or undefined when it is not there. */
export function sharedFolder(collection: 'yaml'): string | undefined {
  const found = join(shared, collection)
  return existsSync(found) ? found : undefined
}

/** A small input of the field, by its path in the collection of cases; undefined where there are none. */
export function fieldCase(path: string): string | undefined {
  const found = join(shared, 'cases', path)
  return existsSync(found) ? found : undefined
}

/** Archives that environments exported: those of the corpus, and those without a tree beside them. */
export function exportedArchives(): readonly ExportedArchive[] | undefined {
  const [corpus, exports] = ['corpus', 'exports'].map((name) => join(shared, name, 'index.json'))
  if (corpus === undefined || exports === undefined || !existsSync(corpus) || !existsSync(exports))
    return undefined
  const cases: (ReferenceCase & { readonly origin: string })[] = JSON.parse(readFileSync(corpus, 'utf8'))
  const alone: Omit<ExportedArchive, 'id'>[] = JSON.parse(readFileSync(exports, 'utf8'))
  return [
    ...cases
      .filter(({ origin }) => origin === 'exported')
      .map((item) => ({ ...item, file: join(shared, 'corpus', item.id, 'solution.zip') })),
    ...alone.map((item) => ({ ...item, id: item.file, file: join(shared, 'exports', item.file) })),
  ]
}

export interface ExportedArchive {
  readonly id: string
  readonly packageType: PackageType
  readonly file: string
  readonly uniqueName?: string
  readonly version?: string
}

/** Says on the console that a collection is missing, since skipped tests are easily overlooked. */
export function noteMissing(collection: string): void {
  console.warn(`skipped: there is no ${join(shared, collection)}; set DSA_SHARED to test against it`)
}

/** sha256 by path. */
export function expectedHashes(file: string): Map<string, string> {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What differs between files and what is expected, as lines; empty when nothing does. */
export function differences(
  files: Iterable<readonly [string, Uint8Array]>,
  expected: ReadonlyMap<string, string>,
): string[] {
  const found = new Set<string>()
  const lines: string[] = []
  for (const [path, bytes] of files) {
    found.add(path)
    const hash = expected.get(path)
    if (hash === undefined) lines.push(`too much: ${path}`)
    else if (hash !== hashOf(bytes)) lines.push(`different: ${path}`)
  }
  for (const path of expected.keys()) if (!found.has(path)) lines.push(`missing: ${path}`)
  return lines
}

export function unpackCase({ folder, packageType }: ReferenceCase): UnpackedSolution {
  const open = (name: string) => openPackage(openZip(readFileSync(join(folder, name)), { label: name }))
  const hasManaged = packageType === 'Both' && existsSync(join(folder, 'solution_managed.zip'))
  return unpackSolution(
    { archive: open('solution.zip'), ...(hasManaged ? { managed: open('solution_managed.zip') } : {}) },
    { packageType },
  )
}

export function folderTree(folder: string): SourceTree {
  const items = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = items
    .filter((item) => item.isFile())
    .map((item) => relative(folder, join(item.parentPath, item.name)).split(sep).join('/'))
  return { paths, read: (path) => new Uint8Array(readFileSync(join(folder, path))) }
}

export function memoryTree(files: ReadonlyMap<string, Uint8Array>): SourceTree {
  const all = new Map(files)
  return {
    paths: [...all.keys()],
    read(path) {
      const bytes = all.get(path)
      if (bytes === undefined) throw new Error(`no ${path}`)
      return bytes
    },
  }
}
