import { decodePartName, encodePartName } from '../opc/index.ts'
import { parseXml, XmlError, type XmlElement } from '../xml/index.ts'
import { folderOf, type NamedFile } from './named-files.ts'

/**
 * Components that do not stand in customizations.xml have a folder of their own in archive and tree alike:
 * `customapis/NAME/customapi.xml`, with others of the component below it. A column that holds a file is an element
 * with the attribute `mimetype`; its file lies in a folder of the element's name beside the definition. This table
 * says which other files lie beside the definition, by top folder in lower case.
 */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  bots: ['configuration.json'],
  botcomponents: ['content.json', 'data', 'dependencies.json'],
  environmentvariabledefinitions: ['environmentvariablevalues.json'],
}

/** Of kinds that are not in the table: a column whose text is a file is called like the column, in lower case. */
const COLUMN_FILE = /^[a-z_]+(?:\.json)?$/

/** Files of archive or tree that belong to no section of customizations.xml. */
export interface LooseFiles {
  readonly paths: readonly string[]
  read(path: string): Uint8Array
  /** How messages call a file. */
  label(path: string): string
}

export interface ComponentFolders {
  /** The files that definitions name, there or not. */
  readonly named: readonly NamedFile[]
  /** Whether a component accounts for a file: its definition, a text of it beside it, or a file that it names. */
  has(path: string): boolean
}

/** Finds the components in files that belong to no section, and what they name. */
export function readComponentFolders(files: LooseFiles): ComponentFolders {
  const definitions = new Map<string, Uint8Array>()
  for (const path of files.paths) {
    if (!path.endsWith('.xml')) continue
    const bytes = files.read(path)
    if (rootName(bytes) === path.slice(folderOf(path).length, -'.xml'.length)) definitions.set(path, bytes)
  }
  const named = [...definitions].flatMap(([path, bytes]) => namedByDefinition(path, bytes, files.label(path)))
  const known = new Set([...definitions.keys(), ...named.map(({ path }) => path.toLowerCase())])
  const folders = new Set([...definitions.keys()].map(folderOf))
  return {
    named,
    has(path) {
      if (known.has(path) || known.has(path.toLowerCase())) return true
      const folder = folderOf(path)
      return folders.has(folder) && isBeside(path.slice(folder.length), path)
    },
  }
}

function isBeside(name: string, path: string): boolean {
  const listed = BESIDE[path.slice(0, path.indexOf('/')).toLowerCase()]
  return listed === undefined ? COLUMN_FILE.test(name) : listed.includes(name)
}

/** The name of the outermost element, without parsing what may be large. */
function rootName(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('utf8')
  for (let at = head.indexOf('<'); at >= 0;) {
    const name = /^<([^\s/>!?]+)/.exec(head.slice(at, at + 200))?.[1]
    if (name !== undefined) return name
    const end = head.startsWith('<!--', at) ? '-->' : '>'
    at = head.indexOf('<', head.indexOf(end, at + 1) + 1 || head.length)
  }
  return undefined
}

function namedByDefinition(path: string, bytes: Uint8Array, label: string): NamedFile[] {
  // Most definitions name nothing, and parsing takes longer than this.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('mimetype')) return []
  const columns = rootOf(bytes, label)?.elements() ?? []
  return columns.flatMap((at) => {
    const stated = at.attribute('mimetype') === undefined ? '' : at.text
    if (stated === '') return []
    const folder = `${folderOf(path)}${at.name}/`
    return [{ name: encodePartName(folder) + stated, path: folder + decodePartName(stated), at }]
  })
}

/** A definition that is not well-formed names nothing; it is copied as it is, and verifying finds it. */
function rootOf(bytes: Uint8Array, label: string): XmlElement | undefined {
  try {
    return parseXml(bytes, label).root
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
}
