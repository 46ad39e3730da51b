import type { ComponentRow } from './component.ts'
import type { Lookup } from './lookup.ts'

/**
 * A path with values of an element in braces. A value becomes one segment: `/` turns into `_`. After a colon:
 * `path` takes it as it is, with its folders; `file` only what follows the last slash; `folder` what precedes it;
 * `rest` what follows the first folder; `dir` makes it a folder with its slash, and nothing where there is no value;
 * `lower` is in lower case, `guid` as well, without braces.
 * `{managed}` is `_managed` for managed archives.
 */
export type PathTemplate = string

/**
 * A kind of component: where it stands in customizations.xml, which files it becomes, and what of it stays.
 * Paths are of the tree unless said otherwise.
 */
export type Kind = ItemsKind | WholeKind | RelationshipsKind | TemplatesKind | ReportsKind | GenericKind

/** SolutionPackager's undocumented `/singleComponent`. */
export type SingleComponent = 'WebResource' | 'Plugin' | 'Workflow'

interface KindBase {
  /** The element under the root of customizations.xml. Its name matters in case. */
  readonly section: string
  /** Top folders of the archive whose files belong to this kind alone as soon as the section has items. */
  readonly claims: readonly string[]
  /** What its elements are, the items first; a section that only holds settings has none. */
  readonly components: readonly ComponentRow[]
  readonly rootComponent?: RootComponentRule
  /** How the YAML source has it; a kind without is not known there. Of several, the first that fits an item counts. */
  readonly yaml?: readonly YamlForm[]
}

/** How the YAML source of Dataverse's Git integration has items of a kind. Paths are from its root. */
export interface YamlForm {
  /** The element that a file holds. */
  readonly item: string
  readonly path: PathTemplate
  /** Whether the platform was seen to write it. What was not is read, and never written. */
  readonly seen: boolean
  /** The items that have this form, by what they say. */
  readonly only?: { readonly at: Lookup; readonly is: string }
  /** Elements below an item that are files of their own. */
  readonly parts?: readonly YamlPart[]
  /** The children of an item that were seen beside its parts; others are not written. Without it, all were. */
  readonly children?: readonly string[]
  /** Children that the platform leaves out. */
  readonly leftOut?: readonly string[]
  /**
   * Elements below that name files. These lie in the folder of the item, which is what they state in YAML; in an
   * archive they state this folder.
   */
  readonly files?: { readonly elements: readonly string[]; readonly folder: string }
}

export interface YamlPart {
  /** Names from the item downwards; the last one is the part. */
  readonly at: readonly string[]
  /** From the folder of the item; `{../@type}` is an attribute of the parent. */
  readonly path: PathTemplate
  /** Where it stands in its item: after the last of these, in the element around all parts. */
  readonly follows?: readonly string[]
  /** The order of the parts there, without case. */
  readonly order?: Lookup
  /** The element around the parts is there even when there are none. */
  readonly evenEmpty?: true
  /** The values of the parent's attribute, as the folder and the archive call them, and which of them were seen. */
  readonly groups?: {
    readonly attribute: string
    readonly known: readonly string[]
    readonly seen: readonly string[]
  }
}

/** A section that is laid out like any that is not in the table; the row tells what its elements are. */
export interface GenericKind extends KindBase {
  readonly layout: 'generic'
}

/** Each item of the section becomes a file. */
export interface ItemsKind extends KindBase {
  readonly layout: 'items'
  readonly item: string
  readonly path: PathTemplate
  /** Package type Both: the managed archive overwrites what the unmanaged one gave. */
  readonly managedWins?: true
  readonly requires?: readonly Requirement[]
  /** An item with this attribute value is left out. */
  readonly skip?: { readonly attribute: string; readonly value: string }
  /** Elements below an item that become files of their own. */
  readonly parts?: readonly PartRule[]
  /** Pack: the children that the elements of parts follow, where an item lacks such an element. */
  readonly partsFollow?: readonly string[]
  /** Archive files that belong to an item. */
  readonly files?: readonly FileRule[]
  /** Archive files that belong to the section as a whole: archive path to path in the tree. */
  readonly sectionFiles?: Readonly<Record<string, string>>
  /** Children of this child are sorted by these attributes, in culture order. */
  readonly sort?: { readonly child: string; readonly by: readonly Lookup[] }
  /** The file gets neither the namespace declarations in scope nor the element's own attributes. */
  readonly bare?: true
  /** Pack: the order of the items; otherwise that of the paths. */
  readonly packOrder?: Lookup
  readonly single?: SingleComponent
  /** A folder for its elements alone: any other file in it is an error. */
  readonly folder?: string
  /** Pack: its full name is taken from the assembly that it names. */
  readonly namedByAssembly?: true
}

/** The whole section becomes one file. */
export interface WholeKind extends KindBase {
  readonly layout: 'whole'
  readonly path: PathTemplate
  /** Also an empty section becomes a file. */
  readonly evenEmpty?: true
  /** What each child of this name must have. */
  readonly items?: { readonly item: string; readonly requires: readonly Requirement[] }
  /** What the section must have, even when it is empty. */
  readonly requires?: readonly Requirement[]
}

/** An index of all relationships, and a file with those of each entity. */
export interface RelationshipsKind extends KindBase {
  readonly layout: 'relationships'
  readonly item: string
  readonly index: string
  readonly path: PathTemplate
  /** The element that says the type, and by type the element that names the entity. */
  readonly type: string
  readonly entityByType: Readonly<Record<string, string>>
}

/** A file for each child; long texts of the templates in it become files of their own. */
export interface TemplatesKind extends KindBase {
  readonly layout: 'templates'
  readonly path: string
  readonly groups: Readonly<Record<string, TemplateGroup>>
}

interface TemplateGroup {
  readonly item: string
  readonly texts: readonly TemplateText[]
}

export interface TemplateText {
  readonly element: string
  readonly path: PathTemplate
  /** `text` is written with a byte order mark; `base64` is decoded. */
  readonly encoding: 'text' | 'base64'
  readonly required?: true
}

/** Reports with their files, and the other children of the section. */
export interface ReportsKind extends KindBase {
  readonly layout: 'reports'
  readonly item: string
  /** Where a report's element goes; `.data.xml` off, where its file goes. */
  readonly path: PathTemplate
  /** A link has no file; this is where its element goes. */
  readonly linkPath: PathTemplate
  readonly linkType: string
  readonly type: string
  /** Without the element that names it, a report is left out. */
  readonly file: string
  readonly files: readonly FileRule[]
  /** Where other children of the section go. */
  readonly otherPath: string
}

/** An element below an item that becomes a file; the first element of `at` stays behind, empty and bare. */
export interface PartRule {
  /** Names from the item downwards; the last one is the part. */
  readonly at: readonly string[]
  /** Below the folder of the item's file; `{../@type}` is an attribute of the parent. */
  readonly path: PathTemplate
  /** The element around the part in its file. */
  readonly wrapper?: string
  readonly managedWins?: true
  /** Parts stand in groups that differ by an attribute; the values that come first, the others in culture order. */
  readonly groups?: { readonly attribute: string; readonly order: readonly string[] }
  /**
   * How a part is known that belongs to another solution: by a mark of its own, or because solution.xml lists it as
   * missing, with this type and id. An unmanaged export has it, a managed one has not, so it is no stand-in for a
   * managed variant that is not there.
   */
  readonly ofOthers?: { readonly mark: Lookup; readonly type: number; readonly id: Lookup }
  /** Without this the part is left out; otherwise what the path needs must be there. */
  readonly onlyWith?: Lookup
}

/** Where a definition names files. */
export interface FileRule {
  /** `control-manifest`: the file is XML that names the files beside it, and all in its folder belong to the item. */
  readonly rule: 'named' | 'control-manifest'
  /** A lookup; with `//` before it all elements below of that name; `*` is every child. */
  readonly named: Lookup
  /** Only a value that begins with this names a file. */
  readonly prefix?: string
  /** From here on, a value is no part of the name. */
  readonly until?: string
  /** Where the file lies in the tree; `{=}` is its name. */
  readonly path: PathTemplate
  /** An archive without the file is refused, as SolutionPackager does. */
  readonly neededToUnpack?: true
}

/** Something without which an element is refused. */
export interface Requirement {
  readonly at: Lookup
  /** `one`: exactly one element, which may be empty. */
  readonly is: 'present' | 'guid' | 'assembly-name' | 'one' | 'element'
  /** Not asked for where the element has this. */
  readonly unless?: Lookup
}

/** How components of the kind stand in `RootComponents`, under the type of its items. */
interface RootComponentRule {
  /** Which attributes of the RootComponent may hold which value of the item; one match is enough. */
  readonly schemaName?: Lookup
  readonly id?: Lookup
  /** What it is called where a kind has one component without a name; empty where it is not called anything. */
  readonly constants?: readonly string[]
  /** SolutionPackager refuses to pack a component of the kind that no RootComponent lists. */
  readonly checked: boolean
  /** A component with all of these values comes along with another one and need not be listed. */
  readonly unless?: Readonly<Record<Lookup, string>>
}
