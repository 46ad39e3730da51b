import type { XmlElement } from '../../xml/index.ts'
import { valueFact, type Fact } from '../facts/fact.ts'
import { textFact } from '../facts/text-fact.ts'
import { humanized } from '../facts/words.ts'
import { xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { ROW_RULES } from './rows.ts'

/** The column `powerpagecomponenttype` of Microsoft's table reference ("Site Component"). */
export const SITE_COMPONENT_TYPES: Readonly<Record<string, string>> = {
  '1': 'Publishing state',
  '2': 'Web page',
  '3': 'Web file',
  '4': 'Web link set',
  '5': 'Web link',
  '6': 'Page template',
  '7': 'Content snippet',
  '8': 'Web template',
  '9': 'Site setting',
  '10': 'Web page access control rule',
  '11': 'Web role',
  '12': 'Website access',
  '13': 'Site marker',
  '15': 'Basic form',
  '16': 'Basic form metadata',
  '17': 'List',
  '18': 'Table permission',
  '19': 'Advanced form',
  '20': 'Advanced form step',
  '21': 'Advanced form metadata',
  '24': 'Poll placement',
  '26': 'Ad placement',
  '27': 'Bot consumer',
  '28': 'Column permission profile',
  '29': 'Column permission',
  '30': 'Redirect',
  '31': 'Publishing state transition rule',
  '32': 'Shortcut',
  '33': 'Cloud flow',
  '34': 'UX component',
  '35': 'Server logic',
}

/** Settings of a site or of a component stand as JSON in one column, whose members the studio calls so. */
const CONTENT_LABELS: Readonly<Record<string, string>> = {
  copy: 'Copy (HTML)',
  customcss: 'Custom CSS',
  customjavascript: 'Custom JavaScript',
  entitylogicalname: 'Table',
  entityname: 'Table',
  isroot: 'Root page',
  partialurl: 'Partial URL',
  source: 'Source',
  summary: 'Summary',
  value: 'Value',
}

const SITE_RULES: XmlRules = {
  ...ROW_RULES,
  name: 'Name',
  content: { label: 'Settings' },
  datamodelversion: { label: 'Data model', values: { '1': 'Standard', '2': 'Enhanced' } },
  powerpagecomponenttype: { label: 'Type', values: SITE_COMPONENT_TYPES },
  powerpagesiteid: 'Site',
  powerpagesitelanguageid: 'Language',
  filecontent: 'File',
  'filecontent/@mimetype': 'Media type of the file',
}

/** A site, a language of it, or a component such as a page or a template, as a solution has it. */
export function siteFacts(element: XmlElement, language: string): readonly Fact[] {
  return xmlFacts(element, { rules: SITE_RULES, language }).map((fact) =>
    fact.key === 'content' && fact.facts !== undefined
      ? { ...fact, isPart: false, facts: fact.facts.map(named) }
      : fact,
  )
}

function named(fact: Fact): Fact {
  const label = CONTENT_LABELS[fact.key.toLowerCase()]
  return label === undefined ? fact : { ...fact, label }
}

/**
 * A file of settings as `pac pages download` writes it: `adx_name: Home` line by line, or a list of such records. A
 * value that goes on in further lines has them all.
 *
 * @param type of the records, which their ids are called by: `adx_sitemarkerid`
 */
export function siteSettingFacts(text: string, type: string): readonly Fact[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.find((line) => line.trim() !== '')?.startsWith('- ') !== true) return recordFacts(lines, '')
  const records: string[][] = []
  for (const line of lines)
    if (line.startsWith('- ')) records.push([line.slice(2)])
    else records.at(-1)?.push(line.replace(/^ {2}/, ''))
  return records.map((record): Fact => {
    const values = new Map(recordFacts(record, '').map(({ key, raw }) => [key, raw]))
    const id = values.get(`adx_${type}id`)
    const name = values.get('adx_name') ?? id
    const what = SITE_FILE_TYPES[type] ?? humanized(type)
    const facts = recordFacts(record, `${id ?? name ?? ''}/`)
    const part = { label: `${what} ${name ?? ''}`.trim(), path: id ?? '', facts, isPart: true as const }
    return id === undefined
      ? { ...part, key: name ?? '', anonymous: true }
      : { ...part, key: id, shown: name ?? id }
  })
}

function recordFacts(lines: readonly string[], path: string): Fact[] {
  const values = new Map<string, string[]>()
  let current: string[] | undefined
  for (const line of lines) {
    const [, name, value = ''] = /^([A-Za-z_][\w.@-]*):(?:\s(.*))?$/.exec(line) ?? []
    if (name === undefined) current?.push(line)
    else values.set(name, (current = [value]))
  }
  return [...values].map(([name, parts]) => {
    const label = humanized(name.replace(/^(?:adx|mspp)_/, ''))
    const value = parts.join('\n').trim()
    return value === ''
      ? valueFact(name, label, `${path}${name}`, '')
      : textFact(name, label, `${path}${name}`, value)
  })
}

/** What files of a downloaded site are, by the word in their names. */
export const SITE_FILE_TYPES: Readonly<Record<string, string>> = {
  adplacement: 'Ad placement',
  advancedform: 'Advanced form',
  basicform: 'Basic form',
  botconsumer: 'Bot consumer',
  cloudflowconsumer: 'Cloud flow',
  columnpermissionprofile: 'Column permission profile',
  contentsnippet: 'Content snippet',
  list: 'List',
  pagetemplate: 'Page template',
  poll: 'Poll',
  pollplacement: 'Poll placement',
  serverlogic: 'Server logic',
  sitemarker: 'Site marker',
  sitesetting: 'Site setting',
  tablepermission: 'Table permission',
  uxcomponent: 'UX component',
  webfile: 'Web file',
  weblinkset: 'Web link set',
  webpage: 'Web page',
  webpagerule: 'Web page access control rule',
  webrole: 'Web role',
  websiteaccess: 'Website access',
  websitelanguage: 'Website language',
  webtemplate: 'Web template',
}
