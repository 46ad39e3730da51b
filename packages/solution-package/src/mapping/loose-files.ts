import { KINDS } from '../model/kinds.ts'

const ofSections: ReadonlySet<string> = new Set(
  KINDS.flatMap(({ claims }) => claims).map((folder) => folder.toLowerCase()),
)

/** Whether a path lies in a top folder that belongs to a section of customizations.xml, whose elements name its files. */
export function isOfSection(path: string): boolean {
  return ofSections.has(path.slice(0, path.indexOf('/')).toLowerCase())
}
