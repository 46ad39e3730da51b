import {
  enumInput,
  InputError,
  linesInput,
  optionalInput,
  optionalNameInput,
  optionalNumberInput,
  requiredInput,
  secretInput,
  tagName,
} from '@dsa/action-kit'
import { parseChecksums } from './checksums.ts'

export type Inputs = ReturnType<typeof readInputs>

/** Where a build is kept. */
export type BuildPlace =
  | { readonly kind: 'artifact'; readonly name: string; readonly runId: number | undefined }
  | { readonly kind: 'release'; readonly tag: string }

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  const token = secretInput('github-token')
  return {
    folder: requiredInput('folder'),
    place: place(),
    repository: repository(),
    token,
    files: linesInput('files'),
    type: enumInput('solution-type', ['Any', 'Managed', 'Unmanaged']),
    sums: parseChecksums(optionalInput('sha256') ?? '', "Input 'sha256'"),
    sumsFile: optionalNameInput('checksums-file'),
    previous: optionalTag('previous-release'),
  }
}

function optionalTag(name: string): string | undefined {
  const tag = optionalNameInput(name)
  return tag === undefined ? undefined : tagName(tag)
}

function place(): BuildPlace {
  const name = optionalNameInput('artifact-name')
  const tag = optionalTag('release')
  const runId = optionalNumberInput('run-id', { unit: 'the run' })
  if (name !== undefined && tag !== undefined) {
    throw new InputError("'artifact-name' and 'release' are both given; a build is in one of them.")
  }
  if (tag !== undefined) {
    if (runId === undefined) return { kind: 'release', tag }
    throw new InputError("'run-id' is the run of an artifact; it has no meaning with 'release'.")
  }
  if (name !== undefined) return { kind: 'artifact', name, runId }
  throw new InputError(
    "Neither 'artifact-name' nor 'release' is given. Name the artifact that the job before uploaded, or the tag of a release.",
  )
}

function repository(): { readonly owner: string; readonly repo: string } | undefined {
  const value = optionalNameInput('repository')
  if (value === undefined) return undefined
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(value) ?? []
  if (owner !== undefined && repo !== undefined) return { owner, repo }
  throw new InputError(`Input 'repository' is '${value}'; it must be owner/name, such as contoso/orders.`)
}
