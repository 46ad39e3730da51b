import { createHash } from 'node:crypto'
import { openZip } from '../../zip/index.ts'
import { valueFact, type Fact, type QuietReason } from '../facts/fact.ts'
import { jsonFacts, parsedJson, type QuietMembers } from '../facts/json-facts.ts'
import { textFact } from '../facts/text-fact.ts'
import { contentFacts } from './file-facts.ts'

/** How a file in an app is read, by its name there. */
interface FileRule {
  readonly at: RegExp
  /** What it is called; the group `name` of the pattern follows. */
  readonly label: string
  readonly facts?: (name: string, bytes: Uint8Array) => readonly Fact[]
  readonly quiet?: QuietReason
}

/** What the studio counts, measures, and gives out anew at each saving. */
const STUDIO_MEMBERS: QuietMembers = {
  AnalysisLoadTime: 'server stamp',
  BindingErrorCount: 'server stamp',
  ControlCount: 'derived',
  DefaultConnectedDataSourceMaxGetRowsCount: 'server stamp',
  DeserializationLoadTime: 'server stamp',
  DocumentAppType: 'derived',
  ErrorCount: 'derived',
  FileID: 'server stamp',
  Id: 'server stamp',
  LastControlUniqueId: 'server stamp',
  LastModifiedTimestamp: 'server stamp',
  LastPublishedAnalysisLoadTime: 'server stamp',
  LastSavedDateTimeUTC: 'server stamp',
  OriginatingVersion: 'server stamp',
  ParserErrorCount: 'server stamp',
  AppPreviewFlagsKey: 'server stamp',
  AppPreviewFlagsMap: 'server stamp',
  LocalConnectionReferences: 'derived',
  LocalDatabaseReferences: 'derived',
}

/** What a data source says of itself: the service's own description, which the studio copies. */
const DATA_SOURCE_MEMBERS: QuietMembers = {
  ApiId: 'derived',
  CdsActionInfo: 'derived',
  CdsFCBContext: 'derived',
  DataEntityMetadataJson: 'derived',
  NativeCDSDataSourceInfoNameMapping: 'derived',
  TableDefinition: 'derived',
  WadlMetadata: 'derived',
  MaxGetRowsCount: 'derived',
  OrderIndex: 'derived',
  OriginalName: 'derived',
  RelatedColumnInvariantName: 'derived',
  RelatedEntityName: 'derived',
}

/** The files of an app, packed or unpacked. The first row that fits counts; the rest are files of their own. */
const FILES: readonly FileRule[] = [
  { at: /^Src\/(?:.*\/)?_?EditorState/i, label: 'Order in the editor', quiet: 'derived' },
  { at: /^Src\/(?:.*\/)?(?<name>[^/]+)\.(?:pa|fx)\.ya?ml$/i, label: 'Screen', facts: sourceFacts },
  { at: /^(?:Controls|Components)\/(?<name>[^/]+)\.json$/i, label: 'Controls', facts: controlFacts },
  { at: /^References\/DataSources\.json$/i, label: 'Data sources', facts: dataSourceFacts },
  { at: /^DataSources\/(?<name>[^/]+)\.json$/i, label: 'Data source', facts: dataSourceFacts },
  { at: /^(?:Properties|CanvasManifest)\.json$/i, label: 'Properties', facts: propertyFacts },
  {
    at: /^(?:Assets|Resources\/(?!Controls\/|PublishInfo))\/?(?<name>.+)$/i,
    label: 'Media',
    facts: contentFacts,
  },
  {
    at: /^(?:Header\.json|\.gitignore|.*checksum\.json|AppCheckerResult\.sarif|Entropy\/.*|Resources\/PublishInfo\.json|PublishInfo\.json)$/i,
    label: 'Stamps of the studio',
    quiet: 'server stamp',
  },
  {
    at: /^(?:pkgs\/.*|Other\/.*|References\/.*|Resources\/Controls\/.*|Connections\/.*|ControlTemplates\.json|ComponentReferences\.json|ComponentsMetadata\.json|Entities\.json|MacroTable\.json)$/i,
    label: 'Copies that the studio keeps',
    quiet: 'derived',
  },
]

/**
 * A canvas app by the files in it. An app that has its screens as YAML is told by them, and its controls, which say
 * the same once more for the player, are not.
 */
export function canvasAppFacts(path: string, bytes: Uint8Array): Fact[] {
  try {
    const entries = openZip(bytes, { label: path })
    const isReadable = entries.some(({ name }) => /^Src[\\/].*\.ya?ml$/i.test(name))
    return entries.map((entry) => {
      const name = entry.name.replaceAll('\\', '/')
      const isRepeated = isReadable && /^(?:Controls|Components)\//i.test(name)
      return fileFact(name, entry.read(), isRepeated ? 'derived' : undefined)
    })
  } catch {
    return contentFacts(path, bytes)
  }
}

/** One file of an app whose sources lie unpacked beside it. */
export function canvasFileFacts(name: string, bytes: Uint8Array): Fact[] {
  return [fileFact(name, bytes, undefined)]
}

function fileFact(name: string, bytes: Uint8Array, repeated: QuietReason | undefined): Fact {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const rule = FILES.find(({ at }) => at.test(name))
  const quiet = repeated ?? rule?.quiet
  const own = rule?.at.exec(name)?.groups?.['name']
  const label = rule === undefined ? `File ${name}` : own === undefined ? rule.label : `${rule.label} ${own}`
  const key = name.toLowerCase()
  if (quiet !== undefined) return { key, label, path: name, raw: hash, quiet }
  let made: readonly Fact[] | undefined
  return {
    key,
    label,
    path: name,
    shown: own ?? name,
    isPart: true,
    same: hash,
    // Equal files, which most are, are not read.
    get facts() {
      return (made ??= (rule?.facts ?? contentFacts)(name, bytes))
    },
  }
}

/** Screens as the studio writes them for reading; what it says about itself at the top changes with its version. */
function sourceFacts(_name: string, bytes: Uint8Array): Fact[] {
  const text = new TextDecoder().decode(bytes).replace(/^(?:\uFEFF?#.*\r?\n)+/, '')
  return [{ ...textFact('text', 'Formulas', '', text) }]
}

function propertyFacts(name: string, bytes: Uint8Array): readonly Fact[] {
  const value = parsedJson(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''))
  return value === undefined ? contentFacts(name, bytes) : jsonFacts(value, '', 0, STUDIO_MEMBERS)
}

/** `{ "DataSources": [{ "Name": … }] }` in an app; a list of them, or one, in unpacked sources. */
function dataSourceFacts(name: string, bytes: Uint8Array): readonly Fact[] {
  const value = parsedJson(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''))
  if (value === undefined) return contentFacts(name, bytes)
  const list = Array.isArray(value) ? value : memberOf(value, 'DataSources')
  if (!Array.isArray(list)) return jsonFacts(value, '', 0, DATA_SOURCE_MEMBERS)
  return list.map((source: unknown, at): Fact => {
    const own = asObject(source)
    const called = textAt(own, 'Name') ?? String(at)
    return {
      key: `${called} ${textAt(own, 'EntityName') ?? ''}`,
      label: `Data source ${called}`,
      path: `DataSources/${called}`,
      shown: called,
      isPart: true,
      anonymous: true,
      facts: jsonFacts(own, `DataSources/${called}`, 0, DATA_SOURCE_MEMBERS),
    }
  })
}

const MAX_DEPTH = 64

/** Controls by their names, which are unique in an app, each with its formulas. */
function controlFacts(name: string, bytes: Uint8Array): readonly Fact[] {
  const value = parsedJson(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''))
  const top = memberOf(value, 'TopParent')
  if (typeof top !== 'object' || top === null) return contentFacts(name, bytes)
  const found: Fact[] = []
  collectControls(top, '', found, 0)
  return found
}

function collectControls(control: object, inside: string, found: Fact[], depth: number): void {
  if (depth > MAX_DEPTH) return
  const name = textAt(control, 'Name') ?? ''
  const path = `Controls/${name}`
  const rules = memberOf(control, 'Rules')
  found.push({
    key: name,
    label: `Control ${name}`,
    path,
    shown: inside === '' ? name : `in ${inside}`,
    isPart: true,
    facts: [
      ...(Array.isArray(rules) ? rules : []).map((rule: unknown) => {
        const property = textAt(asObject(rule), 'Property') ?? ''
        return textFact(
          property,
          property,
          `${path}/${property}`,
          textAt(asObject(rule), 'InvariantScript') ?? '',
        )
      }),
      valueFact('inside', 'Inside', path, inside, { silent: [''] }),
      valueFact(
        'template',
        'Type of control',
        path,
        textAt(asObject(memberOf(control, 'Template')), 'Name') ?? '',
      ),
    ],
  })
  const children = memberOf(control, 'Children')
  for (const child of Array.isArray(children) ? children : [])
    collectControls(asObject(child), name, found, depth + 1)
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function textAt(value: object, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : undefined
}
