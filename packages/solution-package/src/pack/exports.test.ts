import { readFileSync } from 'node:fs'
import {
  openPackage,
  openZip,
  packSolution,
  parseXml,
  unpackSolution,
  type XmlElement,
  type ZipEntry,
} from '../index.ts'
import { exportedArchives, hashOf, memoryTree, noteMissing } from '../testing/reference-cases.ts'

const archives = exportedArchives()
if (archives === undefined) noteMissing('exports')
const withExports = archives === undefined ? test.skip : test

/** An element with all in it, whatever the order of attributes and children and the white space between them. */
function canonical(element: XmlElement): string {
  const attributes = element.attributes.map(({ name, value }) => `${name}=${JSON.stringify(value)}`)
  // A process that nobody changed has no content, and no place in a tree; unpacking says so.
  const kept = element
    .elements()
    .filter((child) => child.name !== 'Workflow' || child.attribute('unmodified') !== '1')
  const children = kept.map(canonical)
  const text = children.length === 0 && element.text.trim() !== '' ? element.text : ''
  const inner = children.length === 0 ? text : hashOf(Buffer.from(children.toSorted().join('\n')))
  return `${element.name} ${attributes.toSorted().join(' ')} ${inner}`
}

const DOCUMENTS = new Set(['solution.xml', 'customizations.xml'])

/** What an archive holds: each entry by its name, documents by their elements and all else by its bytes. */
function contentOf(entries: readonly ZipEntry[]): Map<string, string> {
  const files = entries.filter(({ name }) => !name.endsWith('/') && name !== '[Content_Types].xml')
  return new Map(
    files.map((entry) => {
      const bytes = entry.read()
      const isDocument = DOCUMENTS.has(entry.name.toLowerCase())
      return [entry.name, isDocument ? canonical(parseXml(bytes, entry.name).root) : hashOf(bytes)]
    }),
  )
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `lost: ${name}`),
    ...[...after.keys()].filter((name) => !before.has(name)).map((name) => `new: ${name}`),
    ...[...before]
      .filter(([name, content]) => after.has(name) && after.get(name) !== content)
      .map(([name]) => `different: ${name}`),
  ]
}

/** Files that no component names have no place in a tree; unpacking says so of each. */
const UNCLAIMED: Readonly<Record<string, RegExp>> = {
  'charts4powerapps-unmanaged': /^CanvasApps\/logisam_charts4powerapps_86\//,
  'dependentoptionsetssample-managed': /^filteredcomponents\.xml$/,
}

withExports(
  'what an environment exported comes back: the same entries, the same bytes, the same elements',
  async () => {
    const wrong: string[] = []
    const remapped: string[] = []
    for (const { id, packageType, file } of archives ?? []) {
      const entries = openZip(readFileSync(file), { label: id })
      const { files, notCarried } = unpackSolution({ archive: openPackage(entries, id) }, { packageType })
      const lost = new Set(notCarried.filter(({ kind }) => kind === 'unclaimed-file').map(({ path }) => path))
      const before = contentOf(
        entries.filter(({ name }) => !(lost.has(name) && UNCLAIMED[id]?.test(name) === true)),
      )
      const pack = async (disablePluginRemap: boolean): Promise<string[]> => {
        const packed = await packSolution(memoryTree(files), { packageType, disablePluginRemap })
        return differences(before, contentOf(openZip(packed.archives[0]?.bytes ?? new Uint8Array())))
      }
      try {
        const lines = await pack(false)
        if (lines.length === 0) continue
        const others = await pack(true)
        if (others.length === 0) remapped.push(`${id}: ${lines.join(', ')}`)
        else wrong.push(`${id}: ${others.slice(0, 8).join(', ')}`)
      } catch (error) {
        wrong.push(`${id}: ${String(error)}`)
      }
    }
    const total = archives?.length ?? 0
    console.log(
      `exported archives: ${total - wrong.length} of ${total} come back; with the versions of their assemblies: ${remapped.join('; ') || 'none'}`,
    )
    expect(wrong).toEqual([])
  },
  600_000,
)
