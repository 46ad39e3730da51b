import type { Fact } from '../facts/fact.ts'
import { plainId } from '../facts/words.ts'
import { SITE_COMPONENT_TYPES, SITE_FILE_TYPES, siteFacts, siteSettingFacts } from '../kinds/site.ts'
import { definitions } from './definitions.ts'
import { contentFacts } from './file-facts.ts'
import type { Piece, Place, SideFiles } from './piece.ts'

/** Sites of Power Pages and their components as a solution has them. */
export const SITE_PLACES: readonly Place[] = [
  definitions(/^(?:Assets\/powerpagesites|powerpagesites\/[^/]+\/powerpagesite)\.xml$/i, {
    kind: 'site',
    id: ['@powerpagesiteid', 'powerpagesiteid', 'name'],
    name: ['name'],
    items: 'powerpagesite',
    facts: siteFacts,
  }),
  definitions(
    /^(?:Assets\/powerpagesitelanguages|powerpagesitelanguages\/[^/]+\/powerpagesitelanguage)\.xml$/i,
    {
      kind: 'site-component',
      id: ['@powerpagesitelanguageid', 'powerpagesitelanguageid', 'name'],
      name: ['displayname', 'name'],
      items: 'powerpagesitelanguage',
      facts: siteFacts,
      parent: (_file, element) => siteOf(element.element('powerpagesiteid')),
    },
  ),
  definitions(/^powerpagecomponents\/(?<name>[^/]+)\/powerpagecomponent\.xml$/i, {
    kind: 'site-component',
    id: ({ groups }, element) => element.attribute('powerpagecomponentid') ?? groups['name'] ?? '',
    name: ['name'],
    called: (element, name) => {
      const type = SITE_COMPONENT_TYPES[element.element('powerpagecomponenttype')?.text.trim() ?? '']
      return type === undefined ? name : `${type} ${name}`
    },
    facts: siteFacts,
    parent: (_file, element) => siteOf(element.element('powerpagesiteid')),
  }),
]

/** The site stands in its element, or in one of the same name within it. */
function siteOf(
  element:
    { readonly text: string; element(name: string): { readonly text: string } | undefined } | undefined,
): Piece['parent'] {
  const id = plainId((element?.element('powerpagesiteid') ?? element)?.text ?? '')
  return id === '' ? undefined : { kind: 'site', id }
}

/** `Home.en-US.webpage.copy.html`: a name, perhaps with a language, what it is, and which file of it. */
const OF_COMPONENT = new RegExp(
  `^(?<stem>.+?)\\.(?<type>${Object.keys(SITE_FILE_TYPES).join('|')})\\.(?<rest>.+)$`,
  'i',
)
const OF_SITE = new RegExp(`^(?<type>${Object.keys(SITE_FILE_TYPES).join('|')})\\.ya?ml$`, 'i')

/**
 * A file of a site that was downloaded (`pac pages download`) into a folder of the solution. Which files are one
 * component, their names tell; a folder is a site when it has a `website.yml`.
 */
export function siteFilePiece(path: string, side: SideFiles): Piece | undefined {
  const root = siteRoot(path, side)
  if (root === undefined) return undefined
  const inner = path.slice(root.length)
  const cut = inner.lastIndexOf('/') + 1
  const [folder, file] = [inner.slice(0, cut), inner.slice(cut)]
  const site = { kind: 'site', id: root.slice(0, -1).toLowerCase() || 'website' } as const
  const read = (): Uint8Array => side.read(path)
  const component = (stem: string, type: string, isDefinition: boolean, facts: readonly Fact[]): Piece => ({
    kind: 'site-component',
    id: `${root}${folder}${stem}`.toLowerCase(),
    name: `${SITE_FILE_TYPES[type.toLowerCase()] ?? ''} ${stem}`.trim(),
    parent: site,
    isDefinition,
    facts,
  })
  const own = OF_COMPONENT.exec(file)?.groups
  if (own !== undefined) {
    const { stem = '', type = '', rest = '' } = own
    const isDefinition = /^ya?ml$/i.test(rest)
    return component(stem, type, isDefinition, factsOf(rest, type, read(), isDefinition ? '' : rest))
  }
  if (side.find(`${path}.webfile.yml`) !== undefined)
    return component(file, 'webfile', false, contentFacts(path, read()))
  const type = folder === '' ? OF_SITE.exec(file)?.groups?.['type'] : undefined
  if (type !== undefined)
    return {
      ...component(type, type, true, factsOf(file, type, read(), '')),
      name: `${SITE_FILE_TYPES[type.toLowerCase()] ?? type}s`,
    }
  const isDefinition = /^website\.ya?ml$/i.test(inner)
  const facts = factsOf(file, 'website', read(), isDefinition ? '' : inner)
  // The tool notes there what it has downloaded, with a hash of each row.
  const isNote = /^\.portalconfig\//i.test(inner)
  return {
    ...site,
    name: 'Site',
    isDefinition,
    facts: isNote ? facts.map((fact) => ({ ...fact, quiet: 'server stamp' as const })) : facts,
  }
}

function siteRoot(path: string, side: SideFiles): string | undefined {
  for (let cut = path.lastIndexOf('/') + 1; cut > 0; cut = path.lastIndexOf('/', cut - 2) + 1) {
    const root = path.slice(0, cut)
    if (side.find(`${root}website.yml`) !== undefined) return root
  }
  return undefined
}

/** @param within what tells the file from others of the component; empty for the definition */
function factsOf(file: string, type: string, bytes: Uint8Array, within: string): readonly Fact[] {
  const facts = /(?:^|\.)ya?ml$/i.test(file)
    ? siteSettingFacts(new TextDecoder().decode(bytes), type.toLowerCase())
    : contentFacts(file, bytes)
  if (within === '') return facts
  return [{ key: `file ${within.toLowerCase()}`, label: `File ${within}`, path: within, facts, isPart: true }]
}
