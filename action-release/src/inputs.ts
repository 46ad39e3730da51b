import {
  booleanInput,
  enumInput,
  gitRef,
  InputError,
  linesInput,
  optionalInput,
  optionalNameInput,
  requiredNameInput,
  secretInput,
  tagName,
} from '@dsa/action-kit'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  const token = secretInput('github-token')
  if (token === undefined)
    throw new InputError("Input 'github-token' is empty. Leave it out to use the job's own token.")
  const files = linesInput('files')
  if (files.length === 0) throw new InputError("Input 'files' is required and was not given.")
  const [body, bodyFile] = [optionalInput('body'), optionalInput('body-file')]
  if (body !== undefined && bodyFile !== undefined)
    throw new InputError("Inputs 'body' and 'body-file' exclude each other.")
  const checksumsFile = requiredNameInput('checksums-file')
  return {
    files,
    tag: tag(optionalNameInput('tag')),
    title: optionalNameInput('title'),
    body,
    bodyFile,
    checksumsFile: checksumsFile.toLowerCase() === 'none' ? undefined : checksumsFile,
    isPublished: booleanInput('publish'),
    isPrerelease: booleanInput('prerelease'),
    latest: enumInput('latest', ['auto', 'true', 'false']),
    token,
  }
}

/** The tag, and whether it is the one that the run is for: then it must still name the commit of the run. */
function tag(input: string | undefined): { readonly name: string; readonly isOfRun: boolean } {
  const given = input === undefined ? undefined : tagName(input)
  const { type, name } = gitRef()
  if (type === 'tag' && (given === undefined || given === name)) return { name, isOfRun: true }
  if (given !== undefined) return { name: given, isOfRun: false }
  throw new InputError(
    "Input 'tag' is empty, and no tag started this workflow. Give the tag of the release, or start the workflow by a tag (on: push: tags: ['v*']).",
  )
}
