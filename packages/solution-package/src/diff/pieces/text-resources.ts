import type { Fact } from '../facts/fact.ts'
import { plainId } from '../facts/words.ts'
import { ELSEWHERE, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import type { Piece, PlacedFile, SideFiles } from './piece.ts'

/** A file of translations: texts by key, with what they are of. */
const TEXT_RULES: XmlRules = {
  'xsd:schema': ELSEWHERE,
  resheader: { label: 'Header', quiet: 'server stamp' },
  metadata: { label: 'Header', quiet: 'server stamp' },
  data: { part: 'Text', by: ['@name'] },
  'data/comment': { label: 'Comment', quiet: 'derived' },
}

/** What belongs to the solution itself, such as translations and lists of what other files define. */
export function solutionPiece(side: SideFiles, facts: readonly Fact[]): Piece[] {
  const path = side.find('Other/Solution.xml')
  const manifest = path === undefined ? undefined : side.parse(path).root.element('SolutionManifest')
  const id = manifest?.element('UniqueName')?.text.trim() ?? ''
  return id === '' ? [] : [{ kind: 'solution', id: plainId(id), name: id, isDefinition: false, facts }]
}

/** Translations of the labels. The template only shows translators what there is to translate. */
export function textPieces({ path, groups, side }: PlacedFile): Piece[] {
  const { language } = groups
  const label = language === undefined ? 'Texts' : `Texts (${language})`
  const facts = xmlFacts(side.parse(path).root, { rules: TEXT_RULES, language: side.language })
  const isTemplate = language === undefined
  return solutionPiece(side, [
    {
      key: label,
      label,
      path,
      isPart: true,
      facts,
      shown: language ?? 'Template',
      ...(isTemplate && { quiet: 'derived' as const }),
    },
  ])
}
