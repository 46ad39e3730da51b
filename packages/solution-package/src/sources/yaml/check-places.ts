import { lookUp } from '../../model/lookup.ts'
import { folderOf } from '../../model/named-files.ts'
import { fillTemplate } from '../xml/path-template.ts'
import type { Item, PlacedFile } from './item-documents.ts'
import { Problems, YAML_RULES } from './problems.ts'

/**
 * Puts items and parts together, and checks that each file holds what its place says. What holds something else is a
 * problem, and is not taken.
 *
 * @param paths of all files with an element, of which some may not have been read
 */
export function checkPlaces(
  files: readonly PlacedFile[],
  paths: ReadonlySet<string>,
  problems: Problems,
): readonly Item[] {
  const items: Item[] = []
  const byFolder = new Map<string, Map<string, PlacedFile[]>>()
  const good = files.filter((placed) => isWhatItsPlaceSays(placed, problems))
  for (const placed of good) {
    if (placed.part !== undefined) continue
    const parts = new Map<string, PlacedFile[]>()
    byFolder.set(placed.folder, parts)
    items.push({ ...placed, parts })
  }
  for (const placed of good) {
    if (placed.part === undefined) continue
    const parts = byFolder.get(placed.folder)
    if (parts !== undefined) {
      const at = placed.part.at.join('/')
      const known = parts.get(at)
      const found = withKnownGroup(placed, problems)
      if (known === undefined) parts.set(at, [found])
      else known.push(found)
      continue
    }
    const item = placed.folder + placed.form.path.slice(folderOf(placed.form.path).length)
    if (!paths.has(item))
      problems.add(YAML_RULES.misplaced, placed.file.path, `its component is missing: there is no ${item}`)
  }
  return items
}

function isWhatItsPlaceSays(
  { kind, form, part, file, group, folder }: PlacedFile,
  problems: Problems,
): boolean {
  const expected = part?.at.at(-1) ?? form.item
  const { element } = file
  if (!element.is(expected)) {
    problems.at(YAML_RULES.misplaced, element, `'${element.name}' stands where '${expected}' is expected`)
    return false
  }
  if (form.only !== undefined && part === undefined) {
    const value = lookUp(form.only.at, element)?.trim() ?? ''
    const other = kind.yaml?.find(({ only }) => only === undefined || only.is === value)
    if (value !== form.only.is && other !== form) {
      const at = element.element(form.only.at) ?? element
      const place = other === undefined ? '' : `; it belongs in '${folderOf(other.path).split('/', 1)[0]}'`
      problems.at(
        YAML_RULES.misplaced,
        at,
        `${form.only.at} is '${value}', and files here have '${form.only.is}'${place}`,
      )
      return false
    }
  }
  const template = part?.path ?? form.path
  const name = problems.within(YAML_RULES.misplaced, () =>
    fillTemplate(
      template.replace(/\{\.\.\/@[^}]*\}/, () => group),
      { element },
    ),
  )
  if (name === undefined) return false
  const stated = part === undefined ? file.path : file.path.slice(folder.length)
  if (name === stated) return true
  problems.at(
    YAML_RULES.misplaced,
    element,
    `what it says makes it '${name}', and it is '${stated}'; the import goes by what it says`,
  )
  return false
}

/** The folder of a form says its type, which is in no other place, so it must be one; its case is put right. */
function withKnownGroup(placed: PlacedFile, problems: Problems): PlacedFile {
  const { part, group, file } = placed
  if (part?.groups === undefined) return placed
  const known = part.groups.known.find((value) => value.toLowerCase() === group.toLowerCase())
  if (known === undefined)
    problems.at(
      YAML_RULES.misplaced,
      file.element,
      `it lies in '${group}', which is no ${part.groups.attribute} of a ${file.element.name}; known are ${part.groups.known.join(', ')}`,
    )
  return { ...placed, group: known ?? group }
}
