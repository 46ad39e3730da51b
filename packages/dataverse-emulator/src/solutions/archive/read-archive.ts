import type { Row, Value } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { createHash } from 'node:crypto'
import {
  archiveSource,
  openPackage,
  openZip,
  parseXml,
  Solution,
  type Component as DefinedComponent,
  type PackageParts,
  variableValues,
  type XmlElement,
} from '@dsa/solution-package'
import { refuse } from '../../odata/errors.ts'
import { isRecord, parseJson } from '../../http/exchange.ts'
import { normalizeGuid, stableGuid } from '../../stable-id.ts'
import { componentKey, typeNameOf } from './type-names.ts'
import { definedRow } from './definition-rows.ts'
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
  for (const component of readDefinitions(parts, roots)) add(component)
  for (const component of readVariableValues(parts)) add(component)
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

/** @throws ApiError `0x80048013` when a definition is not well-formed */
function readDefinitions(parts: PackageParts, roots: ReadonlyMap<string, Root>): readonly Component[] {
  try {
    const read = new Map<DefinedComponent, Component>()
    for (const defined of new Solution(archiveSource(parts)).components()) {
      const parent = defined.parent === undefined ? undefined : read.get(defined.parent)
      read.set(defined, componentOf(defined, parent, roots, parts))
    }
    return [...read.values()]
  } catch (error) {
    throw Object.assign(refuse('notWellFormed'), { cause: error })
  }
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

function componentOf(
  defined: DefinedComponent,
  parent: Component | undefined,
  roots: ReadonlyMap<string, Root>,
  parts: PackageParts,
): Component {
  const { row: kind, element } = defined
  const typeName = kind.platformName
  const id = normalizeGuid(defined.id)
  // What has no guid of its own is told apart by what it belongs to.
  const name =
    parent === undefined || kind.id !== undefined ? defined.name : `${parent.schemaName}.${defined.name}`
  const key = componentKey(typeName, id, name)
  const root = roots.get(key)
  const { columns, file, row } = definedRow(element, parent?.schemaName, (path) => {
    const part = parts.find(path)
    return part === undefined ? undefined : parts.read(part)
  })
  return {
    key,
    typeName,
    objectId: id ?? stableGuid(typeName, name.toLowerCase()),
    schemaName: typeName === 'Entity' ? name.toLowerCase() : name,
    displayName: defined.displayName,
    ...(parent === undefined ? {} : { parent: parent.key }),
    // What is called by its table is a part of the solution by itself, listed or not.
    root: parent === undefined && (root !== undefined || typeName === typeName.toLowerCase()),
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

/** Values of environment variables lie beside their definitions, in JSON. */
function readVariableValues(parts: PackageParts): readonly Component[] {
  return parts.paths.flatMap((path) => {
    const schemaName = variableValues(path)?.schemaName
    return schemaName === undefined ? [] : readValues(parts, path, schemaName)
  })
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
