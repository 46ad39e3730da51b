import type { Row, Value } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { createHash } from 'node:crypto'
import { openPackage, openZip, parseXml, type PackageParts, type XmlElement } from '@dsa/solution-package'
import { refuse } from '../../odata/errors.ts'
import { isRecord, parseJson } from '../../http/exchange.ts'
import { normalizeGuid, stableGuid } from '../../stable-id.ts'
import type { ComponentKind, Definition } from './component-kind.ts'
import { COMPONENT_KINDS, FILE_KINDS, kindNamed, typeNameOf } from './component-kinds.ts'
import type { ArchiveContent, Component, MissingDependency, PublisherContent } from './content.ts'

/**
 * Reads a solution archive.
 * @throws ApiError `0x80048060` when it is none, `0x80048013` when its XML is not well-formed
 */
export function readArchive(bytes: Uint8Array): ArchiveContent {
  const parts = openParts(bytes)
  const solution = readXml(parts, 'solution.xml')
  const manifest = solution.element('SolutionManifest')
  if (manifest === undefined) throw refuse('notWellFormed')
  const uniqueName = manifest.element('UniqueName')?.text ?? ''
  if (uniqueName === '') throw refuse('badUniqueName')
  return {
    uniqueName,
    friendlyName: firstLabel(manifest, 'LocalizedNames', 'LocalizedName') ?? uniqueName,
    description: firstLabel(manifest, 'Descriptions', 'Description') ?? '',
    version: manifest.element('Version')?.text ?? '1.0',
    managed: manifest.element('Managed')?.text === '1',
    languageCode: solution.attribute('languagecode') ?? '1033',
    packageVersion: solution.attribute('SolutionPackageVersion') ?? '9.2',
    publisher: readPublisher(manifest.element('Publisher')),
    components: readComponents(parts, manifest),
    missingDependencies: readMissingDependencies(manifest),
  }
}

/** @throws ApiError `0x80048060` */
export function openParts(bytes: Uint8Array): PackageParts {
  try {
    const parts = openPackage(openZip(bytes))
    if (parts.find('solution.xml') !== undefined && parts.find('customizations.xml') !== undefined)
      return parts
  } catch (error) {
    throw Object.assign(refuse('badZip'), { cause: error })
  }
  throw refuse('badZip')
}

/** @throws ApiError `0x80048060` without the part, `0x80048013` when it is not well-formed */
export function readXml(parts: PackageParts, name: string): XmlElement {
  const path = parts.find(name)
  if (path === undefined) throw refuse('badZip')
  try {
    return parseXml(parts.read(path), name).root
  } catch (error) {
    throw Object.assign(refuse('notWellFormed'), { cause: error })
  }
}

function firstLabel(element: XmlElement, list: string, item: string): string | undefined {
  const label = element.element(list)?.element(item)?.attribute('description')
  return label === '' ? undefined : label
}

function readPublisher(element: XmlElement | undefined): PublisherContent {
  const text = (name: string) => element?.element(name)?.text ?? ''
  const uniqueName = text('UniqueName')
  return {
    uniqueName,
    friendlyName:
      (element === undefined ? undefined : firstLabel(element, 'LocalizedNames', 'LocalizedName')) ??
      uniqueName,
    description:
      (element === undefined ? undefined : firstLabel(element, 'Descriptions', 'Description')) ?? '',
    prefix: text('CustomizationPrefix'),
    optionPrefix: Number(text('CustomizationOptionValuePrefix')) || 10_000,
    email: text('EMailAddress') || null,
    website: text('SupportingWebsiteUrl') || null,
  }
}

function readMissingDependencies(manifest: XmlElement): readonly MissingDependency[] {
  const list = manifest.element('MissingDependencies')?.elements('MissingDependency') ?? []
  return list.map((item) => ({
    required: attributesOf(item.element('Required')),
    dependent: attributesOf(item.element('Dependent')),
  }))
}

function attributesOf(element: XmlElement | undefined): Record<string, string> {
  return Object.fromEntries((element?.attributes ?? []).map(({ name, value }) => [name, value]))
}

interface Root {
  readonly key: string
  readonly typeName: string
  readonly id?: string
  readonly name: string
  readonly behavior: number
}

function readComponents(parts: PackageParts, manifest: XmlElement): readonly Component[] {
  const roots = readRoots(manifest)
  const found = new Map<string, Component>()
  const add = (component: Component) => {
    if (!found.has(component.key)) found.set(component.key, component)
  }
  const customizations = readXml(parts, 'customizations.xml')
  for (const kind of COMPONENT_KINDS) readKind(kind, customizations, undefined, roots, parts, add)
  for (const component of readFileComponents(parts, roots)) add(component)
  for (const root of roots.values()) {
    add({
      key: root.key,
      typeName: root.typeName,
      objectId: root.id ?? stableGuid(root.typeName, root.name),
      schemaName: root.name,
      displayName: root.name,
      root: true,
      behavior: root.behavior,
      attributes: {},
    })
  }
  return [...found.values()]
}

function readRoots(manifest: XmlElement): ReadonlyMap<string, Root> {
  const roots = new Map<string, Root>()
  for (const element of manifest.element('RootComponents')?.elements('RootComponent') ?? []) {
    const typeName = typeNameOf(element.attribute('type') ?? '')
    const id = normalizeGuid(element.attribute('id'))
    const name = element.attribute('schemaName') ?? id ?? element.attribute('id') ?? ''
    const key = componentKey(typeName, id, name)
    roots.set(key, {
      key,
      typeName,
      ...(id === undefined ? {} : { id }),
      name,
      behavior: Number(element.attribute('behavior') ?? 0),
    })
  }
  return roots
}

/** Guids identify where a kind has them; names otherwise, without regard to case. */
export function componentKey(typeName: string, id: string | undefined, name: string): string {
  const kind = kindNamed(typeName)
  const isById = kind === undefined ? id !== undefined : kind.byId === true
  return `${typeName}:${isById && id !== undefined ? id : name.toLowerCase()}`
}

function readKind(
  kind: ComponentKind,
  from: XmlElement,
  parent: Component | undefined,
  roots: ReadonlyMap<string, Root>,
  parts: PackageParts,
  add: (component: Component) => void,
): void {
  for (const element of elementsAt(from, kind.path)) {
    const component = componentOf(kind, element, kind.read(element), parent, roots, parts)
    add(component)
    for (const child of kind.children ?? []) readKind(child, element, component, roots, parts, add)
  }
}

function elementsAt(from: XmlElement, path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap((element) => element.elements(name)),
    [from],
  )
}

function componentOf(
  kind: ComponentKind,
  element: XmlElement,
  definition: Definition,
  parent: Component | undefined,
  roots: ReadonlyMap<string, Root>,
  parts: PackageParts,
): Component {
  const id = normalizeGuid(definition.id)
  const name =
    parent === undefined || kind.byId === true ? definition.name : `${parent.schemaName}.${definition.name}`
  const key = componentKey(kind.name, id, name)
  const root = roots.get(key)
  const row = definition.row ?? {}
  const source = element.source
  return {
    key,
    typeName: kind.name,
    objectId: id ?? stableGuid(kind.name, name.toLowerCase()),
    schemaName: kind.name === 'Entity' ? definition.name.toLowerCase() : name,
    displayName: definition.displayName ?? definition.name,
    ...(parent === undefined ? {} : { parent: parent.key }),
    root: parent === undefined ? root !== undefined || kind.type === 0 : false,
    behavior: root?.behavior ?? 0,
    attributes: { ...withoutMarks(row), '(digest)': digest(source, fileOf(row, parts)) },
    ...(kind.table === undefined
      ? {}
      : { row: { table: kind.table, values: withFile(kind, row, parent, parts) } }),
  }
}

/** The part that a component's element points to. */
function fileOf(row: Row, parts: PackageParts): Uint8Array | undefined {
  const named = row['(file)'] ?? row['filename']
  const path = typeof named === 'string' ? parts.find(named.replace(/^\//, '')) : undefined
  return path === undefined ? undefined : parts.read(path)
}

function withFile(kind: ComponentKind, row: Row, parent: Component | undefined, parts: PackageParts): Row {
  const content = kind.name === 'Workflow' || kind.name === 'WebResource' ? fileOf(row, parts) : undefined
  const parentName = parent?.schemaName ?? 'none'
  const { '(file)': file, filename, ...values } = row
  const owner =
    kind.name === 'SystemForm'
      ? { objecttypecode: parentName }
      : kind.name === 'SavedQuery'
        ? { returnedtypecode: parentName }
        : {}
  if (content === undefined) return { ...values, ...owner }
  if (kind.name === 'WebResource') return { ...values, content: Buffer.from(content).toString('base64') }
  const column = asText(file ?? filename).endsWith('.json') ? 'clientdata' : 'xaml'
  return { ...values, [column]: new TextDecoder().decode(content) }
}

function withoutMarks(row: Row): Record<string, Value> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('(')))
}

function digest(source: string, file: Uint8Array | undefined): string {
  const hash = createHash('sha256').update(source.trim())
  if (file !== undefined) hash.update(file)
  return hash.digest('hex')
}

/**
 * Newer components have a folder each: `customapis/lin_OrderShipped/customapi.xml`. Values of environment
 * variables lie beside their definitions in JSON.
 */
function readFileComponents(parts: PackageParts, roots: ReadonlyMap<string, Root>): readonly Component[] {
  const found: Component[] = []
  for (const path of parts.paths) {
    const values = /^environmentvariabledefinitions\/([^/]+)\/environmentvariablevalues\.json$/i.exec(path)
    if (values?.[1] !== undefined) found.push(...readValues(parts, path, values[1]))
    const [, name, kind] = /\/([^/]+)\/([a-z_0-9]+)\.xml$/i.exec(`/${path}`) ?? []
    if (
      name === undefined ||
      kind === undefined ||
      !new RegExp(`(^|/)${kind}s?(e?s)?/[^/]+/${kind}\\.xml$`, 'i').test(path)
    )
      continue
    const typeName = kind.toLowerCase()
    const key = componentKey(typeName, undefined, name)
    const known = FILE_KINDS[typeName]
    const row = known?.read(readXml(parts, path)) ?? {}
    found.push({
      key,
      typeName,
      objectId: stableGuid(typeName, name.toLowerCase()),
      schemaName: name,
      displayName: typeof row['displayname'] === 'string' ? row['displayname'] : name,
      root: true,
      behavior: roots.get(key)?.behavior ?? 0,
      attributes: { ...row, '(digest)': createHash('sha256').update(parts.read(path)).digest('hex') },
      ...(known?.table === undefined ? {} : { row: { table: known.table, values: row } }),
    })
  }
  return found
}

function readValues(parts: PackageParts, path: string, schemaName: string): readonly Component[] {
  const source = parseJson(new TextDecoder().decode(parts.read(path)).replace(/^\u{feff}/u, ''))
  const outer = isRecord(source) ? source['environmentvariablevalues'] : undefined
  const inner = isRecord(outer) ? outer['environmentvariablevalue'] : undefined
  const list: readonly unknown[] = Array.isArray(inner) ? inner : inner === undefined ? [] : [inner]
  return list.flatMap((item) => {
    if (!isRecord(item)) return []
    const id =
      normalizeGuid(asText(item['@environmentvariablevalueid'] ?? item['environmentvariablevalueid'])) ??
      stableGuid('environmentvariablevalue', schemaName.toLowerCase())
    const value = typeof item['value'] === 'string' ? item['value'] : ''
    return [
      {
        key: `environmentvariablevalue:${schemaName.toLowerCase()}`,
        typeName: 'environmentvariablevalue',
        objectId: id,
        schemaName,
        displayName: schemaName,
        parent: `environmentvariabledefinition:${schemaName.toLowerCase()}`,
        root: true,
        behavior: 0,
        attributes: { schemaname: schemaName, value },
        row: {
          table: 'environmentvariablevalue',
          values: {
            schemaname: schemaName,
            value,
            environmentvariabledefinitionid: stableGuid(
              'environmentvariabledefinition',
              schemaName.toLowerCase(),
            ),
          },
        },
      },
    ]
  })
}
