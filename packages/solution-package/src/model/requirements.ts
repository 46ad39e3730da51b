import { SolutionError } from '../solution-error.ts'
import type { XmlElement } from '../xml/index.ts'
import type { Requirement } from './kind.ts'
import { describeLookup, lookUp } from './lookup.ts'

const GUID = /^\s*(?:[0-9a-f]{32}|([{(]?)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}[})]?)\s*$/i

/**
 * Checks what an element must have.
 * @throws SolutionError at the element, naming what is missing
 */
export function checkRequirements(element: XmlElement, requirements: readonly Requirement[] = []): void {
  for (const { at, is, unless } of requirements) {
    if (unless !== undefined && element.element(unless) !== undefined) continue
    const problem = problemWith(element, at, is)
    if (problem !== undefined) throw SolutionError.at(element, `<${element.name}> ${problem}`)
  }
}

function problemWith(element: XmlElement, at: string, is: Requirement['is']): string | undefined {
  const described = describeLookup(at)
  const count = at.startsWith('@') ? 0 : element.elements(at).length
  if (is === 'element') return count > 0 ? undefined : `has no ${described}`
  if (is === 'one') return count === 1 ? undefined : `has ${count} of the ${described}; exactly one is needed`
  const value = lookUp(at, element)
  if (value === undefined) return `has no ${described}`
  if (is === 'guid' && !GUID.test(value)) return `has '${value}' as ${described}, which is no GUID`
  if (is === 'assembly-name' && !value.includes(',')) {
    return `has '${value}' as ${described}; an assembly name with version is needed, as in 'Name, Version=1.0.0.0'`
  }
  return undefined
}
