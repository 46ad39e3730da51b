import type { Kind, PathTemplate, YamlForm, YamlPart } from '../../model/kind.ts'
import { KINDS } from '../../model/kinds.ts'
import { folderOf } from '../../model/named-files.ts'
import { templatePattern } from '../xml/path-template.ts'

/** What a file is, by where it lies. */
export interface Placed {
  readonly kind: Kind
  readonly form: YamlForm
  /** Undefined for the item itself. */
  readonly part: YamlPart | undefined
  /** The folder of the item, with the slash after it. */
  readonly folder: string
  /** The value of the parent's attribute in the path. */
  readonly group: string
}

interface PlacePattern {
  readonly kind: Kind
  readonly form: YamlForm
  readonly part: YamlPart | undefined
  readonly template: PathTemplate
}

const PATTERNS: readonly PlacePattern[] = KINDS.flatMap((kind) =>
  (kind.yaml ?? []).flatMap((form) => [
    { kind, form, part: undefined, template: form.path },
    ...(form.parts ?? []).map((part) => ({ kind, form, part, template: folderOf(form.path) + part.path })),
  ]),
)

const byTopFolder = new Map<string, PlacePattern[]>()
for (const pattern of PATTERNS) {
  const top = topOf(pattern.template)
  byTopFolder.set(top, [...(byTopFolder.get(top) ?? []), pattern])
}

function topOf(path: string): string {
  return path.slice(0, Math.max(path.indexOf('/'), 0))
}

/** Whether files below a top folder are of a kind that is known in YAML. */
export function isKnownFolder(path: string): boolean {
  return byTopFolder.has(topOf(path))
}

/** What a file is; undefined for one that is no element of a known kind. */
export function placeOf(path: string): Placed | undefined {
  for (const { kind, form, part, template } of byTopFolder.get(topOf(path)) ?? []) {
    const match = templatePattern(template).exec(path)
    if (match === null) continue
    const folder = part === undefined ? folderOf(path) : `${path.split('/', 2).join('/')}/`
    return { kind, form, part, folder, group: match.groups?.['parent'] ?? '' }
  }
  return undefined
}

/** What `solutioncomponents.yml` lists a file as: a column by its file, everything else by its folder. */
export function listedAs(path: string, { form, part }: Pick<Placed, 'form' | 'part'>): string {
  const file = part?.path ?? form.path
  return file.includes('}', file.lastIndexOf('/')) ? `/${path}` : `/${folderOf(path).slice(0, -1)}`
}
