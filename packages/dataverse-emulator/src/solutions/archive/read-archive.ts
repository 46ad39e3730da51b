import type { Row, Value } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { createHash } from 'node:crypto'
import { openPackage, openZip, parseXml, type PackageParts, type XmlElement } from '@dsa/solution-package'
import { refuse } from '../../odata/errors.ts'
import { isRecord, parseJson } from '../../http/exchange.ts'
import { normalizeGuid, stableGuid } from '../../stable-id.ts'
import { COMPONENT_KINDS, kindNamed, typeNameOf, type ComponentKind } from './component-kinds.ts'
import { definedRow } from './definition-rows.ts'
import { lookUp, type Lookup } from './lookup.ts'
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
    bytes,
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
  const isById = kind === undefined || (kind.id !== undefined && kind.knownByName !== true)
  const called = name === '' ? (kind?.unnamed ?? '') : name
  return `${typeName}:${isById && id !== undefined ? id : called.toLowerCase()}`
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
    const component = componentOf(kind, element, parent, roots, parts)
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
  parent: Component | undefined,
  roots: ReadonlyMap<string, Root>,
  parts: PackageParts,
): Component {
  const id = kind.id === undefined ? undefined : normalizeGuid(lookUp(element, kind.id))
  const called = lookUp(element, kind.called) ?? kind.unnamed ?? ''
  const name = parent === undefined || kind.id !== undefined ? called : `${parent.schemaName}.${called}`
  const key = componentKey(kind.name, id, name)
  const root = roots.get(key)
  const { columns, file, row } = definedRow(element, parent?.schemaName, (path) => {
    const part = parts.find(path)
    return part === undefined ? undefined : parts.read(part)
  })
  return {
    key,
    typeName: kind.name,
    objectId: id ?? stableGuid(kind.name, name.toLowerCase()),
    schemaName: kind.name === 'Entity' ? name.toLowerCase() : name,
    displayName: (kind.label === undefined ? undefined : lookUp(element, kind.label)) ?? called,
    ...(parent === undefined ? {} : { parent: parent.key }),
    root: parent === undefined && (root !== undefined || kind.type === undefined),
    behavior: root?.behavior ?? 0,
    attributes: { ...withoutMarks(columns), '(digest)': digest(element.source.trim(), file) },
    ...(row === undefined ? {} : { row }),
  }
}

function withoutMarks(row: Row): Record<string, Value> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('(')))
}

function digest(...pieces: readonly (string | Uint8Array | undefined)[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) if (piece !== undefined) hash.update(piece)
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
    const [, folder = '', name, typeName] = /([^/]+)\/([^/]+)\/([a-z_0-9]+)\.xml$/.exec(path) ?? []
    // The folder has the plural of the name: `customapis`, `dvtablesearchentities`.
    if (name === undefined || typeName === undefined || !folder.startsWith(typeName.replace(/y$/, '')))
      continue
    const definition = readXml(parts, path)
    const { columns, row } = definedRow(definition, undefined, () => undefined)
    const key = componentKey(typeName, undefined, name)
    found.push({
      key,
      typeName,
      objectId: stableGuid(typeName, name.toLowerCase()),
      schemaName: name,
      displayName: lookUp(definition, folderLabel(typeName)) ?? name,
      root: true,
      behavior: roots.get(key)?.behavior ?? 0,
      attributes: { ...columns, '(digest)': digest(parts.read(path)) },
      ...(row === undefined ? {} : { row }),
    })
  }
  return found
}

/** What a component with a folder of its own is called. */
function folderLabel(typeName: string): Lookup {
  return `displayname/@default|displayname|name/@default|name|${typeName}|msdyn_name|entitylogicalname`
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
