import { decodePartName, encodePartName } from '../opc/index.ts'
import { parseXml, XmlError, type XmlElement } from '../xml/index.ts'
import type { ComponentRow } from './component.ts'
import { COMPONENTS } from './components.ts'
import { folderOf, type NamedFile } from './named-files.ts'
import { VALUE_FILE } from './variable-values.ts'

/**
 * Components that do not stand in customizations.xml have a folder of their own in archive and tree alike:
 * `customapis/NAME/customapi.xml`, with others of the component below it. A column that holds a file is an element
 * with the attribute `mimetype`; its file lies in a folder of the element's name beside the definition.
 */
interface FolderRow extends Omit<ComponentRow, 'at' | 'id' | 'name' | 'platformName'> {
  /** Other files that lie beside the definition; anything is believed of kinds that are not in the table. */
  readonly beside?: readonly string[]
}

/** By the name of the definition's file and element, which is that of the table whose row it becomes. */
const FOLDER_KINDS: Readonly<Record<string, FolderRow>> = {
  aiskillconfig: { label: 'AI skill configuration' },
  appaction: { label: 'Command' },
  attributemaskingrule: { label: 'Masked column' },
  bot: { label: 'Agent', beside: ['configuration.json'] },
  botcomponent: { label: 'Agent component', beside: ['content.json', 'data', 'dependencies.json'] },
  customapi: { label: 'Custom API', beside: [] },
  customapirequestparameter: { label: 'Custom API parameter', beside: [] },
  customapiresponseproperty: { label: 'Custom API response property', beside: [] },
  dvtablesearch: { label: 'Knowledge source' },
  dvtablesearchentity: { label: 'Table of a knowledge source', displayName: 'entitylogicalname' },
  environmentvariabledefinition: {
    type: COMPONENTS.environmentVariable.type,
    label: COMPONENTS.environmentVariable.label,
    beside: [VALUE_FILE],
  },
  maskingrule: { label: 'Masking rule', beside: [] },
  pluginpackage: { label: 'Plug-in package', beside: [] },
  powerpagecomponent: { label: 'Power Pages component', beside: [] },
  powerpagesite: { label: 'Power Pages site', beside: [] },
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

/** A file that the definition in a folder names. */
interface FolderFile extends NamedFile {
  readonly path: string
}

export interface ComponentFolders {
  /** The files that definitions name, there or not, each with its path, which archive and tree share. */
  readonly named: readonly FolderFile[]
  /** What makers call each component, one for each. */
  readonly labels: readonly string[]
  /** Whether a component accounts for a file: its definition, a text of it beside it, or a file that it names. */
  has(path: string): boolean
}

/** Finds the components in files that belong to no section, and what they name. */
export function readComponentFolders(files: LooseFiles): ComponentFolders {
  const definitions = new Map<string, Uint8Array>()
  for (const path of files.paths) {
    const bytes = path.endsWith('.xml') ? files.read(path) : undefined
    if (bytes !== undefined && isDefinition(path, bytes)) definitions.set(path, bytes)
  }
  const named = [...definitions].flatMap(([path, bytes]) => namedByDefinition(path, bytes, files.label(path)))
  const known = new Set([...definitions.keys(), ...named.map(({ path }) => path.toLowerCase())])
  const folders = new Map([...definitions.keys()].map((path) => [folderOf(path), definitionName(path)]))
  return {
    named,
    labels: [...definitions.keys()].map((path) => {
      const kind = definitionName(path)
      return FOLDER_KINDS[kind]?.label ?? kind
    }),
    has(path) {
      if (known.has(path) || known.has(path.toLowerCase())) return true
      const folder = folderOf(path)
      const kind = folders.get(folder)
      return kind !== undefined && isBeside(path.slice(folder.length), kind)
    },
  }
}

/** Whether a file defines a component in a folder of its own. */
export function isDefinition(path: string, bytes: Uint8Array): boolean {
  return path.endsWith('.xml') && rootName(bytes) === definitionName(path)
}

function isBeside(file: string, kind: string): boolean {
  const row = FOLDER_KINDS[kind]
  return row?.beside === undefined ? COLUMN_FILE.test(file) : row.beside.includes(file)
}

/** The name that a definition's file has, and with it its element. */
export function definitionName(path: string): string {
  return path.slice(folderOf(path).length, -'.xml'.length)
}

/** What a component in a folder of its own is; the attribute of its element says by what it is known. */
export function folderRow(definition: XmlElement): ComponentRow {
  const kind = definition.name
  const [identity] = definition.attributes
  const known = FOLDER_KINDS[kind]
  return {
    label: known?.label ?? kind,
    ...(known?.type === undefined ? {} : { type: known.type }),
    platformName: kind,
    at: [],
    name: identity === undefined ? 'name' : `@${identity.name}`,
    displayName: known?.displayName ?? `displayname/@default|name|${prefixOf(kind)}name|${kind}`,
    ...(identity !== undefined && identity.name.endsWith('id') ? { id: `@${identity.name}` } : {}),
  }
}

/** `msdyn_` of `msdyn_schedule`: tables of others call the column of their name with their prefix, or like the table. */
function prefixOf(table: string): string {
  return table.slice(0, table.indexOf('_') + 1)
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

function namedByDefinition(path: string, bytes: Uint8Array, label: string): FolderFile[] {
  // Most definitions name nothing, and parsing takes longer than this.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('mimetype')) return []
  const columns = rootOf(bytes, label)?.elements() ?? []
  return columns.flatMap((at) => {
    const stated = at.attribute('mimetype') === undefined ? '' : at.text
    if (stated === '') return []
    const folder = `${folderOf(path)}${at.name}/`
    const file = folder + decodePartName(stated)
    return [{ name: encodePartName(folder) + stated, at, path: file, place: { by: 'folder', path: file } }]
  })
}

/** A definition that is not well-formed names nothing; it is copied as it is, and verifying finds it. */
export function rootOf(bytes: Uint8Array, label: string): XmlElement | undefined {
  try {
    return parseXml(bytes, label).root
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
}
