import type { Fact } from '../facts/fact.ts'
import { variableValues } from '../../model/variable-values.ts'
import { flowFacts } from '../kinds/process.ts'
import { currentValueFacts } from '../kinds/settings.ts'
import { canvasAppFacts, canvasFileFacts } from './canvas-app.ts'
import { contentFacts } from './file-facts.ts'
import { modelPiece } from './model-piece.ts'
import { belonging, type Piece, type SideFiles } from './piece.ts'
import { manifestFacts, PLACES } from './places.ts'
import { siteFilePiece } from './site-files.ts'

/**
 * What a file holds: definitions of components, or something that belongs to one.
 * @returns nothing when no component explains the file
 * @throws XmlError when it should be XML and is not well-formed
 */
export function readPieces(path: string, side: SideFiles): readonly Piece[] {
  const known = side.pieces.get(path)
  if (known !== undefined) return known
  const pieces = piecesOf(path, side)
  side.pieces.set(path, pieces)
  return pieces
}

function piecesOf(path: string, side: SideFiles): readonly Piece[] {
  // A downloaded site has files of any name, also such as components have.
  const ofSite = siteFilePiece(path, side)
  if (ofSite !== undefined) return [ofSite]
  const placed = placeOf(path, side)
  if (placed !== undefined) return placed
  const owner = ownerOf(path, side) ?? modelPiece(path, side) ?? looseXml(path, side)
  return owner === undefined ? [] : [owner]
}

/** XML that no component explains is a component of no kind, named by its folders. */
function looseXml(path: string, side: SideFiles): Piece | undefined {
  if (!/\.xml$/i.test(path)) return undefined
  const id = path.split('/').slice(0, 2).join('/').toLowerCase()
  const rest = path.split('/').slice(2).join('/')
  const facts = contentFacts(path, side.read(path)).flatMap(({ facts: inner, ...fact }) =>
    rest === '' && inner !== undefined
      ? inner
      : [
          {
            ...fact,
            ...(inner !== undefined && { facts: inner }),
            key: `file ${rest}`,
            label: `File ${rest}`,
            path: rest,
          },
        ],
  )
  return { kind: 'other', id, name: path.split('/').slice(0, 2).join('/'), isDefinition: rest === '', facts }
}

function placeOf(path: string, side: SideFiles): readonly Piece[] | undefined {
  // Rows may have any name, and files that belong to a component stand in folders of the same form.
  if (side.find(`${path}.data.xml`) !== undefined) return undefined
  for (const place of PLACES) {
    const match = place.at.exec(path)
    if (match !== null) return place.read({ path, groups: match.groups ?? {}, side })
  }
  return undefined
}

/** Which definition a file belongs to, by where it stands. */
interface Owner {
  readonly at: RegExp
  /** The path of the definition, or the definitions among which the one is whose name begins the file's. */
  readonly definition: (
    groups: Readonly<Record<string, string | undefined>>,
    side: SideFiles,
  ) => string | undefined
}

/** Sources of an app beside its `.msapp`, as `pac canvas unpack` and other tools lay them down. */
const APP_SOURCE =
  /^CanvasApps\/(?:src\/(?<app>[^/]+)|(?<document>[^/]+?)(?:_DocumentUri)?(?:[._]msapp)?[._]src)\/(?<file>.+)$/i

const OWNERS: readonly Owner[] = [
  {
    at: /^Controls\/(?<name>[^/]+)\//i,
    definition: ({ name }) => `Controls/${name ?? ''}/ControlManifest.xml.data.xml`,
  },
  {
    at: APP_SOURCE,
    definition: ({ app, document }) => `CanvasApps/${app ?? document ?? ''}.meta.xml`,
  },
  {
    at: /^(?<folder>CanvasApps)\/(?<file>.+)$/i,
    definition: ({ folder = '', file = '' }, side) =>
      longestPrefix(folder, '.meta.xml', file, side) ?? namedBy(folder, file, side),
  },
  {
    at: /^(?<folder>Connectors)\/(?<file>[^/]+)$/i,
    definition: ({ folder = '', file = '' }, side) => longestPrefix(folder, '.xml', file, side),
  },
  {
    at: /^customapis\/(?<name>[^/]+)\//i,
    definition: ({ name }) => `customapis/${name ?? ''}/customapi.xml`,
  },
  {
    at: /^(?<folder>[^/]+)\/(?<name>[^/]+)\//,
    definition: ({ folder, name }, side) => {
      const own = `${folder ?? ''}/${name ?? ''}/`
      return side.paths.find((path) => path.startsWith(own) && /^[^/]+\.xml$/i.test(path.slice(own.length)))
    },
  },
]

/** `CanvasApps/lin_app_DocumentUri.msapp` belongs to `CanvasApps/lin_app.meta.xml`. */
function longestPrefix(folder: string, ending: string, file: string, side: SideFiles): string | undefined {
  const prefix = `${folder}/`.toLowerCase()
  const names = side.paths
    .filter((path) => path.toLowerCase().startsWith(prefix) && path.toLowerCase().endsWith(ending))
    .filter((path) =>
      file.toLowerCase().startsWith(`${path.slice(prefix.length, -ending.length).toLowerCase()}_`),
    )
  return names.toSorted((a, b) => b.length - a.length)[0]
}

/** Files of a library of commands have names of their own, which the definition states. */
function namedBy(folder: string, file: string, side: SideFiles): string | undefined {
  const stated = Buffer.from(`/${folder}/${file}<`)
  return side.paths.find(
    (path) =>
      path.startsWith(`${folder}/`) &&
      /\.meta\.xml$/i.test(path) &&
      Buffer.from(side.read(path)).includes(stated),
  )
}

/** Files that say what a file belongs to, and what that is called; they are read with it, changed or not. */
export function filesAround(path: string, side: SideFiles): string[] {
  const table = /^Entities\/[^/]+\//i.exec(path)?.[0]
  const around = [
    `${path}.data.xml`,
    path.replace(/_managed(?=\.xml$)/i, ''),
    ...(table === undefined ? [] : [`${table}Entity.xml`]),
    ...(/^Templates\//i.test(path) ? ['Templates/EmailTemplates.xml'] : []),
  ].flatMap((file) => side.find(file) ?? [])
  const definition = definitionOf(path, side)
  return definition === undefined ? around : [...around, definition]
}

function ownerOf(path: string, side: SideFiles): Piece | undefined {
  const formula = /^Entities\/(?<table>[^/]+)\/Formulas\/(?<file>[^/]+)$/i.exec(path)?.groups
  if (formula !== undefined) return formulaPiece(path, formula['table'] ?? '', formula['file'] ?? '', side)
  const text = /^Templates\/EmailDocuments\/[^/]+\/(?<id>[^/]+)\/(?<file>[^/]+)$/i.exec(path)?.groups
  if (text !== undefined) return emailPiece(path, text['id'] ?? '', text['file'] ?? '', side)
  const definition = side.find(`${path}.data.xml`) ?? definitionOf(path, side)
  if (definition === undefined || definition === path) return undefined
  const [piece] = placeOf(definition, side) ?? []
  if (piece === undefined) return undefined
  return belonging(piece, factsOf(path, piece, side))
}

function definitionOf(path: string, side: SideFiles): string | undefined {
  for (const { at, definition } of OWNERS) {
    const groups = at.exec(path)?.groups
    const found = groups === undefined ? undefined : definition(groups, side)
    const there = found === undefined ? undefined : side.find(found)
    if (there !== undefined) return there
  }
  return undefined
}

function factsOf(path: string, { kind }: Piece, side: SideFiles): readonly Fact[] {
  if (kind === 'cloud-flow' && /\.json$/i.test(path)) return flowFacts(side.read(path))
  if (kind === 'environment-variable' && variableValues(path) !== undefined)
    return currentValueFacts(path, side.read(path))
  if (kind === 'code-component' && /\/ControlManifest\.xml$/i.test(path)) return manifestFacts(side, path)
  if (kind === 'canvas-app') {
    const source = APP_SOURCE.exec(path)?.groups?.['file']
    if (source !== undefined) return canvasFileFacts(source, side.read(path))
    if (/\.msapp$/i.test(path)) return canvasAppFacts(path, side.read(path))
  }
  const inner = innerName(path, kind)
  const label = ONE_FILE[kind]
  return contentFacts(path, side.read(path)).map((fact) =>
    // Where a component has several files they are told apart by their names.
    label === undefined
      ? {
          ...fact,
          key: `${fact.key} ${inner.toLowerCase()}`,
          label: `File ${inner.split('/').at(-1) ?? inner}`,
          path: inner,
        }
      : { ...fact, label },
  )
}

/** What a file of a component is called in it. */
function innerName(path: string, kind: Piece['kind']): string {
  // Before it stands the name of the app, to which an export adds another number each time.
  const role =
    kind === 'canvas-app'
      ? /_((?:DocumentUri|BackgroundImageUri|AdditionalUris\d).*)$/i.exec(path)?.[1]
      : undefined
  return role ?? /^(?:[^/]+\/){2}(?<rest>.+)$/.exec(path)?.groups?.['rest'] ?? path
}

/** Kinds with one file beside the definition, which is what it says. */
const ONE_FILE: Readonly<Partial<Record<Piece['kind'], string>>> = {
  'classic-workflow': 'Definition',
  dialog: 'Definition',
  'business-rule': 'Definition',
  'custom-action': 'Definition',
  'business-process-flow': 'Definition',
  'desktop-flow': 'Definition',
  'plug-in-assembly': 'Content',
  report: 'Content',
  'web-resource': 'Content',
}

/** The formula of a column; without a column that names it, of the table. */
function formulaPiece(path: string, table: string, file: string, side: SideFiles): Piece | undefined {
  const definition = side.find(`Entities/${table}/Entity.xml`)
  if (definition === undefined) return undefined
  const pieces = placeOf(definition, side) ?? []
  const owner = pieces.find(({ facts }) =>
    facts.some(({ key, raw }) => key === 'FormulaDefinitionFileName' && raw?.split('/').at(-1) === file),
  )
  const piece = owner ?? pieces[0]
  if (piece === undefined) return undefined
  const facts = contentFacts(path, side.read(path)).map((fact) => ({ ...fact, label: 'Formula', path: file }))
  return belonging(piece, facts)
}

function emailPiece(path: string, id: string, file: string, side: SideFiles): Piece | undefined {
  const list = side.find('Templates/EmailTemplates.xml')
  const pieces = list === undefined ? [] : (placeOf(list, side) ?? [])
  const wanted = id.replace(/^\{|\}$/g, '').toLowerCase()
  const piece = pieces.find((candidate) => candidate.id === wanted)
  if (piece === undefined) return undefined
  const facts = contentFacts(path, side.read(path)).map((fact) => ({
    ...fact,
    key: `${fact.key} ${file}`,
    label: /^subject/i.test(file) ? 'Subject' : 'Body',
    path: file,
  }))
  return belonging(piece, facts)
}
