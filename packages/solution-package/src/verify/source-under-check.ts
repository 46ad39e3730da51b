import type { ComponentRow } from '../model/component.ts'
import { type Component, Solution } from '../model/solution.ts'
import { readSourceManifest } from '../source-manifest.ts'
import { elementBeside } from '../sources/xml/element-files.ts'
import { treeSource } from '../sources/xml/xml-source.ts'
import { surveyTree } from '../sources/xml/survey-tree.ts'
import type { PackedComponent, Packing } from '../sources/xml/packing.ts'
import type { SolutionManifest } from '../manifest.ts'
import { SolutionError } from '../solution-error.ts'
import { type ParsedTree, parsedOnce } from '../parsed-tree.ts'
import type { SourceProblem, SourceTree } from '../source-tree.ts'
import { type XmlDocument, XmlError } from '../xml/index.ts'

/** A source tree as the rules look at it: each file is read and parsed once. */
export class SourceUnderCheck {
  readonly paths: readonly string[]
  readonly manifest: SolutionManifest
  readonly #tree: ParsedTree
  readonly #solution: Solution
  readonly #known: ReadonlySet<string>
  readonly #malformed = new Map<string, XmlError>()
  #packed: Packing | 'not packable' | undefined

  /** @throws SolutionError when the folder is no unpacked solution */
  constructor(tree: SourceTree) {
    this.#tree = parsedOnce(tree)
    this.#solution = new Solution(treeSource(this.#tree))
    this.paths = tree.paths
    this.#known = new Set(tree.paths)
    this.manifest = readSourceManifest(tree)
  }

  /** What was found while the files were read, where they are of another format than XML. */
  get formatProblems(): readonly SourceProblem[] {
    return this.#tree.made?.problems ?? []
  }

  read(path: string): Uint8Array {
    return this.#tree.read(path)
  }

  text(path: string): string {
    return new TextDecoder().decode(this.read(path))
  }

  /** The parsed file, or why it cannot be parsed. */
  parse(path: string): XmlDocument | XmlError {
    const known = this.#malformed.get(path)
    if (known) return known
    try {
      return this.#tree.parse(path)
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      this.#malformed.set(path, error)
      return error
    }
  }

  /** The parsed file; undefined when it is not there or not well-formed, which is another rule's finding. */
  document(path: string): XmlDocument | undefined {
    if (!this.#known.has(path)) return undefined
    const parsed = this.parse(path)
    return parsed instanceof XmlError ? undefined : parsed
  }

  /** Files that are XML of the solution itself; the content of a web resource or a control may be anything. */
  get xmlFiles(): readonly string[] {
    return this.paths.filter(
      (path) =>
        path.endsWith('.xml') &&
        !/^(?:Controls|Resources)\//.test(path) &&
        !this.#known.has(elementBeside(path)),
    )
  }

  /** The components that packing finds; undefined when packing itself fails, which says so by its own error. */
  get components(): readonly PackedComponent[] | undefined {
    return this.packed?.components
  }

  /** What packing finds in the tree; undefined when packing itself fails. */
  get packed(): Packing | undefined {
    this.#packed ??= this.#pack()
    return this.#packed === 'not packable' ? undefined : this.#packed
  }

  /** The components of a kind with those within them; undefined when a file that holds one says no such thing. */
  defined(kind: ComponentRow): readonly Component[] | undefined {
    return orUndefined(() => [...this.#solution.components([kind])])
  }

  #pack(): Packing | 'not packable' {
    const customizations = this.document('Other/Customizations.xml')
    if (!customizations) return 'not packable'
    return orUndefined(() => surveyTree(this.#tree, customizations, this.manifest)) ?? 'not packable'
  }
}

/** What is wrong with a source is told by the rule that is about it, and by packing. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SolutionError || error instanceof XmlError) return undefined
    throw error
  }
}
