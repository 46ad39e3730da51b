import { valueFact } from '../facts/fact.ts'
import { ELSEWHERE, labelIn, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { plainId } from '../facts/words.ts'
import { PARAMETER_RULES } from '../kinds/code.ts'
import { flowFacts } from '../kinds/process.ts'
import { CONNECTION_REFERENCE_RULES } from '../kinds/settings.ts'
import {
  AGENT_COMPONENT_RULES,
  AGENT_RULES,
  AI_MODEL_RULES,
  COMMAND_RULES,
  PACKAGE_RULES,
  ROW_RULES,
} from '../kinds/rows.ts'
import { columnFacts, KEY_RULES, TABLE_RULES } from '../kinds/table.ts'
import type { ComponentKind } from '../report.ts'
import { firstOf, nameOf, pieceOf } from './definitions.ts'
import { solutionPiece } from './text-resources.ts'
import { lazyPiece, type Piece, type PlacedFile } from './piece.ts'

/** A table's own file: the table, its columns, its keys. */
export function tablePieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const info = root.element('EntityInfo')?.element('entity')
  const id = (root.element('Name')?.text ?? file.groups['table'] ?? '').trim().toLowerCase()
  const name =
    labelIn(info?.element('LocalizedNames'), language) ??
    root.element('Name')?.attribute('LocalizedName') ??
    id
  const parent = { kind: 'table', id } as const
  const columns = (info?.elements('attributes') ?? []).flatMap((list) => list.elements('attribute'))
  const keys = (info?.elements('EntityKeys') ?? []).flatMap((list) => list.elements('EntityKey'))
  return [
    lazyPiece({ kind: 'table', id, name: name === '' ? id : name, isDefinition: true }, () =>
      xmlFacts(root, { rules: TABLE_RULES, language }),
    ),
    ...columns.map((column): Piece => {
      const own = firstOf(column, ['LogicalName', 'Name', '@PhysicalName'])?.toLowerCase() ?? ''
      return lazyPiece(
        {
          kind: 'column',
          id: `${id}.${own}`,
          name: nameOf(column, ['displaynames'], language) ?? own,
          parent,
          isDefinition: true,
          source: column.source,
        },
        () => columnFacts(column, language),
      )
    }),
    ...keys.map((key): Piece => {
      const own = firstOf(key, ['LogicalName', 'Name'])?.toLowerCase() ?? ''
      return lazyPiece(
        {
          kind: 'key',
          id: `${id}.${own}`,
          name: nameOf(key, ['displaynames'], language) ?? own,
          parent,
          isDefinition: true,
          source: key.source,
        },
        () => xmlFacts(key, { rules: KEY_RULES, language }),
      )
    }),
  ]
}

/** The rest of customizations.xml: connection references, and sections that have no files. */
export function customizationPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const scope = { rules: REST_RULES, language }
  const references = root.descendants('connectionreference').map((element) =>
    pieceOf(
      element,
      {
        kind: 'connection-reference',
        id: ['@connectionreferencelogicalname'],
        name: ['connectionreferencedisplayname'],
        facts: CONNECTION_REFERENCE_RULES,
      },
      file,
    ),
  )
  const rest: Piece = {
    kind: 'other',
    id: file.path.toLowerCase(),
    name: 'Customizations',
    isDefinition: true,
    facts: xmlFacts(root, scope),
  }
  return [...references, rest]
}

const REST_RULES: XmlRules = {
  connectionreferences: ELSEWHERE,
  Languages: 'Languages',
  'Languages/Language': 'Language',
}

/** A flow whose properties are not beside it, as when only the definition was committed. */
export function bareFlow({ path, groups, side }: PlacedFile): Piece[] {
  const { name = '', id = '' } = groups
  return [
    { kind: 'cloud-flow', id: plainId(id), name, isDefinition: true, facts: flowFacts(side.read(path)) },
  ]
}

/** The index of relationships: what it lists is told by the files of the tables. */
export function relationshipIndex({ path, side }: PlacedFile): Piece[] {
  const listed = side.parse(path).root.elements('EntityRelationship')
  // One that lists nothing still comes and goes.
  if (listed.length === 0)
    return solutionPiece(side, [
      valueFact('relationships', 'Index of relationships', path, '', { quiet: 'derived' }),
    ])
  return listed.map((element) => ({
    kind: 'relationship',
    id: (element.attribute('Name') ?? '').toLowerCase(),
    name: element.attribute('Name') ?? '',
    isDefinition: false,
    source: element.source,
    facts: [valueFact('listed', 'Listed', path, 'Yes', { quiet: 'derived' })],
  }))
}

/** Parts of a custom API stand in folders below it and are told as properties of it. */
export function parameterPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const id = (file.groups['api'] ?? '').toLowerCase()
  const name = root.attribute('uniquename') ?? file.groups['name'] ?? ''
  const definition = file.side.find(`customapis/${id}/customapi.xml`)
  const api = definition === undefined ? undefined : file.side.parse(definition).root
  const what =
    file.groups['list']?.toLowerCase().includes('request') === true
      ? 'Request parameter'
      : 'Response property'
  const path = `${file.groups['list'] ?? ''}/${name}`
  return [
    {
      kind: 'custom-api',
      id,
      name: (api && nameOf(api, ['displayname', '@uniquename'], language)) ?? id,
      isDefinition: false,
      facts: [
        {
          key: `${what} ${name.toLowerCase()}`,
          label: `${what} ${name}`,
          path,
          shown: name,
          isPart: true,
          facts: xmlFacts(root, { rules: PARAMETER_RULES, language }, path),
        },
      ],
    },
  ]
}

/** Which kind a folder of rows is, and how one is read. */
const ROW_KINDS: Readonly<Record<string, { readonly kind: ComponentKind; readonly rules: XmlRules }>> = {
  bots: { kind: 'agent', rules: AGENT_RULES },
  botcomponents: { kind: 'agent-component', rules: AGENT_COMPONENT_RULES },
  appactions: { kind: 'command', rules: COMMAND_RULES },
  pluginpackages: { kind: 'plug-in-package', rules: PACKAGE_RULES },
  msdyn_aimodels: { kind: 'ai-model', rules: AI_MODEL_RULES },
  aimodels: { kind: 'ai-model', rules: AI_MODEL_RULES },
}

const ROW_ID = ['@schemaname', '@uniquename', '@name', '@Name'] as const

export function rowPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const folder = (file.groups['folder'] ?? '').toLowerCase()
  const { kind, rules } = ROW_KINDS[folder] ?? { kind: 'other' as const, rules: ROW_RULES }
  const parentBot = root.element('parentbotid')?.element('schemaname')?.text.trim()
  const id =
    kind === 'other'
      ? `${folder}/${file.groups['name'] ?? ''}`
      : (firstOf(root, ROW_ID) ?? file.groups['name'] ?? '')
  return [
    {
      kind,
      id: plainId(id),
      name:
        nameOf(
          root,
          ['name', 'displayname', 'buttonlabeltext', 'msdyn_name', 'friendlyname'],
          file.side.language,
        ) ??
        file.groups['name'] ??
        id,
      ...(parentBot !== undefined && parentBot !== '' && kind === 'agent-component'
        ? { parent: { kind: 'agent' as const, id: parentBot.toLowerCase() } }
        : {}),
      isDefinition: true,
      facts: xmlFacts(root, { rules, language: file.side.language }),
    },
  ]
}
