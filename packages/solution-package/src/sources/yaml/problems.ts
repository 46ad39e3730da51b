import { SolutionError } from '../../solution-error.ts'
import type { SourceProblem } from '../../source-tree.ts'
import type { XmlElement } from '../../xml/index.ts'
import { YamlError } from './rule/yaml-error.ts'

/** The rules of verify that are the format's own. */
export const YAML_RULES = {
  notWellFormed: 'yaml-not-well-formed',
  misplaced: 'yaml-file-misplaced',
  listedTwice: 'yaml-path-listed-twice',
  listedMissing: 'yaml-listed-path-missing',
  notListed: 'yaml-file-not-listed',
  manifest: 'yaml-manifest-incomplete',
} as const

/** Collects what is wrong with the files of a source, so that all of it is told at once. */
export class Problems {
  readonly all: SourceProblem[] = []

  add(rule: string, file: string, message: string, line = 1): void {
    this.all.push({ rule, file, message, line })
  }

  at(rule: string, element: XmlElement, message: string): void {
    this.all.push({ rule, file: element.file, message, ...element.position })
  }

  /** Runs something that reads a file; what is wrong with that is a problem. */
  within<T>(rule: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (error instanceof YamlError)
        this.all.push({ rule, file: error.label, message: error.problem, ...error.position })
      else if (error instanceof SolutionError && error.at !== undefined) {
        const { problem, ...place } = error.at
        this.all.push({ rule, message: problem, ...place })
      } else throw error
      return undefined
    }
  }
}
