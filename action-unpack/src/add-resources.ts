import { basename } from 'node:path'
import type { ActionDeps } from '@dsa/action-kit'
import {
  extractResources,
  type FileSet,
  managedSibling,
  type SourceTree,
  type UnpackedSource,
} from '@dsa/solution-package'
import type { Inputs } from './inputs.ts'

/** The files that are going to lie in the folder, and which of them the engine made. */
export interface Tree {
  readonly files: FileSet
  readonly made: ReadonlySet<string>
}

/** Adds the resource files (.resx) that were asked for to the unpacked files. */
export function addResources(
  inputs: Inputs,
  { files, made }: UnpackedSource,
  present: SourceTree,
  { log }: ActionDeps,
): Tree {
  if (!inputs.localize && inputs.localeTemplate === undefined) return { files, made }
  const archive = inputs.solutionFile.replaceAll('\\', '/')
  const resources = extractResources(files, made, {
    localize: inputs.localize,
    localeTemplate: inputs.localeTemplate,
    useLcid: inputs.useLcid,
    sourceFile: basename(inputs.packageType === 'Both' ? managedSibling(archive) : archive),
    packageType: inputs.packageType,
    present,
  })
  for (const warning of resources.warnings) log.warning(warning)
  const paths = new Set([...files.keys(), ...resources.files.keys()])
  return {
    files: {
      keys: () => paths,
      has: (path) => paths.has(path),
      get: (path) => resources.files.get(path) ?? files.get(path),
    },
    made: new Set([...made, ...resources.files.keys()]),
  }
}
