import type { ComponentRow } from '../../model/component.ts'
import type { FileRule, ItemsKind, PathTemplate } from '../../model/kind.ts'
import type { LaidOutKind } from '../../model/kind-of.ts'
import { KINDS } from '../../model/kinds.ts'
import { variesByManaged } from './path-template.ts'

/** A row of the table of kinds in words, for the documentation. */
export interface KindDescription {
  readonly section: string
  /** What makers call the components in it. */
  readonly components: readonly string[]
  /** Paths in the tree; what stands in angle brackets comes from the component. */
  readonly files: readonly string[]
  /** What of the component stays where, or is left out. */
  readonly notes: readonly string[]
  /** What package type Both takes from which archive. */
  readonly both: string
  /** Top folders of the archive. */
  readonly folders: readonly string[]
}

/** Describes the kinds in the order of the table. */
export function describeKinds(): KindDescription[] {
  const laidOut = KINDS.flatMap((kind) => (kind.layout === 'generic' ? [] : [kind]))
  return laidOut.map((kind) => ({
    section: kind.section,
    components: [...new Set(kind.components.flatMap((row) => labelsOf(row)))],
    files: filesOf(kind),
    notes: notesOf(kind),
    both: bothOf(kind),
    folders: kind.claims,
  }))
}

/** The component and those within it. */
function labelsOf({ label, children = [] }: ComponentRow): string[] {
  return [label, ...children.flatMap((child) => labelsOf(child))]
}

function filesOf(kind: LaidOutKind): string[] {
  switch (kind.layout) {
    case 'items':
      return itemFiles(kind)
    case 'whole':
      return [shown(kind.path)]
    case 'relationships':
      return [kind.index, shown(kind.path, 'entity')]
    case 'templates':
      return [
        `${kind.path}/<group>.xml`,
        ...Object.values(kind.groups).flatMap(({ texts }) => texts.map(({ path }) => shown(path))),
      ]
    case 'reports':
      return [shown(kind.path), shown(kind.linkPath), `${kind.otherPath}/<element>.xml`]
  }
}

function itemFiles(kind: ItemsKind): string[] {
  const folder = kind.path.slice(0, kind.path.lastIndexOf('/') + 1)
  return [
    shown(kind.path),
    ...(kind.parts ?? []).map(({ path }) => shown(folder + path)),
    ...(kind.files ?? []).map((rule) => fileShown(rule)),
    ...Object.values(kind.sectionFiles ?? {}),
  ]
}

function fileShown({ rule, named, path }: FileRule): string {
  return rule === 'named' ? shown(path, 'file') : `all files of the folder that ${named} names`
}

function notesOf(kind: LaidOutKind): string[] {
  switch (kind.layout) {
    case 'items':
      return [
        ...(kind.parts === undefined
          ? []
          : [`${kind.parts.map(({ at }) => at[0]).join(', ')} stay behind empty`]),
        ...(kind.skip === undefined ? [] : [`left out with ${kind.skip.attribute}="${kind.skip.value}"`]),
        ...(kind.sort === undefined ? [] : [`${kind.sort.child} is sorted`]),
        ...(kind.bare === true ? ['attributes and namespace declarations of the element are lost'] : []),
      ]
    case 'whole':
      return [kind.evenEmpty === true ? 'also written when it is empty' : 'the section as it is']
    case 'relationships':
      return ['the index keeps the order']
    case 'templates':
      return ['long texts move to files of their own']
    case 'reports':
      return [`without ${kind.file} left out, unless it is a link`]
  }
}

function bothOf(kind: LaidOutKind): string {
  if ('path' in kind && variesByManaged(kind.path))
    return 'a file of each archive, `_managed` for the managed one'
  if (kind.layout !== 'items' || kind.managedWins !== true) return 'unmanaged archive'
  const each = (kind.parts ?? []).filter(({ path }) => variesByManaged(path)).map(({ at }) => at[0])
  const managed = (kind.parts ?? []).filter(({ managedWins }) => managedWins === true).map(({ at }) => at[0])
  return `managed archive (element, ${managed.join(', ')}); a file of each (${each.join(', ')}); the rest unmanaged`
}

function shown(template: PathTemplate, value = ''): string {
  return template.replace(/\{([^}:]+)(?::([a-z]+))?\}/g, (_place, lookup: string, form?: string) => {
    if (lookup === 'managed') return ''
    if (lookup === '=') return `<${value}>`
    if (form === 'dir') return `[<${lookup}>/]`
    return `<${lookup.replaceAll(/\.\.\/|@/g, '').replaceAll('|', ' or ')}>`
  })
}
