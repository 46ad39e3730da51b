import { SolutionError } from '../../solution-error.ts'
import type { XmlElement } from '../../xml/index.ts'
import type { PathTemplate } from '../../model/kind.ts'
import { describeLookup, type Lookup, lookUp, valueAt } from '../../model/lookup.ts'

export interface TemplateScope {
  readonly element: XmlElement
  readonly parent?: XmlElement
  /** What `{=}` stands for. */
  readonly value?: string
  readonly managed?: boolean
}

const PLACE = /\{([^}:]+)(?::([a-z]+))?\}/g

/**
 * Fills a template.
 * @throws SolutionError at the element when a value is missing
 */
export function fillTemplate(template: PathTemplate, scope: TemplateScope): string {
  return template.replace(PLACE, (_place, lookup: string, form: string | undefined) => {
    if (lookup === 'managed') return scope.managed === true ? '_managed' : ''
    const { element, parent } = scope
    const value = lookup === '=' ? scope.value : lookUp(lookup, element, parent)
    if (value !== undefined) return shaped(value, form)
    if (form === 'dir') return ''
    // A form type may be empty, but it must be there.
    if (lookup.startsWith('../') && parent !== undefined && valueAt(lookup, element, parent) !== undefined)
      return ''
    const holder = lookup.startsWith('../') && parent !== undefined ? parent : element
    throw SolutionError.at(holder, `<${holder.name}> has no ${describeLookup(lookup)}, which names its file`)
  })
}

function shaped(value: string, form: string | undefined): string {
  switch (form) {
    case undefined:
      return value.replaceAll('/', '_')
    case 'file':
      return value.slice(value.lastIndexOf('/') + 1)
    case 'folder':
      return value.slice(0, Math.max(value.lastIndexOf('/'), 0))
    case 'dir':
      return `${value.replaceAll('/', '_')}/`
    case 'lower':
      return value.replaceAll('/', '_').toLowerCase()
    case 'guid':
      return value
        .replace(/^\{(.*)\}$/, '$1')
        .replaceAll('/', '_')
        .toLowerCase()
    case 'rest':
      return value.replace(/^\/*[^/]*\//, '')
    default:
      return value
  }
}

export function variesByManaged(template: PathTemplate): boolean {
  return template.includes('{managed}')
}

const LOOKUPS = new Map<PathTemplate, readonly Lookup[]>()

/** The lookups of a template that find values in the element itself. */
export function templateLookups(template: PathTemplate): readonly Lookup[] {
  const lookups = LOOKUPS.get(template) ?? lookupsOf(template)
  LOOKUPS.set(template, lookups)
  return lookups
}

function lookupsOf(template: PathTemplate): Lookup[] {
  return [...template.matchAll(PLACE)].flatMap(([, lookup = '']) =>
    lookup === 'managed' || lookup === '=' || lookup.startsWith('../') ? [] : [lookup],
  )
}

const PATTERNS = new Map<PathTemplate, RegExp>()

/**
 * The paths that a template can become, as a pattern; the group `managed` tells whether one is a managed variant,
 * the group `parent` is the value of a parent's attribute, which may be missing with its folder.
 */
export function templatePattern(template: PathTemplate): RegExp {
  const pattern = PATTERNS.get(template) ?? patternOf(template)
  PATTERNS.set(template, pattern)
  return pattern
}

function patternOf(template: PathTemplate): RegExp {
  let source = ''
  let last = 0
  for (const place of template.matchAll(PLACE)) {
    source += escapePattern(template.slice(last, place.index))
    last = place.index + place[0].length
    const [, lookup, form] = place
    if (lookup === 'managed') source += '(?<managed>_managed)?'
    else if (lookup?.startsWith('../') === true) {
      source += '(?:(?<parent>.+?)/)?'
      if (template[last] === '/') last++
    } else source += wildcard(form)
  }
  source += escapePattern(template.slice(last))
  return new RegExp(`^${source}$`, 's')
}

/** The folder that all paths of a template lie in; empty when it fixes none. */
export function fixedFolder(template: PathTemplate): string {
  const [fixed = ''] = template.split('{')
  return fixed.slice(0, Math.max(fixed.lastIndexOf('/'), 0))
}

function wildcard(form: string | undefined): string {
  if (form === 'dir') return '(?:[^/]+/)?'
  return form === 'path' || form === 'folder' || form === 'rest' ? '.+?' : '[^/]+?'
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/**
 * Resolves `.`, `..` and doubled slashes of a path in a tree.
 * @throws SolutionError when it leaves the tree or reaches into a repository's own folder
 */
export function treePath(path: string, element?: XmlElement): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) refuse(path, 'leads out of the folder', element)
  }
  if (segments.length === 0) refuse(path, 'names no file', element)
  if (segments.some((segment) => segment.toLowerCase() === '.git'))
    refuse(path, 'reaches into a .git folder', element)
  return segments.join('/')
}

function refuse(path: string, problem: string, element: XmlElement | undefined): never {
  const message = `the path '${path}' ${problem}; nothing is written there`
  throw element === undefined ? new SolutionError(message) : SolutionError.at(element, message)
}
