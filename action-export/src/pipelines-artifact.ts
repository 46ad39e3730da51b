import { InputError, optionalNameInput } from '@dsa/action-kit'
import { shownAddress } from '@dsa/dataverse-client'

/** What names a deployment artifact, or the run of a stage that deploys it. */
export interface PipelinesArtifact {
  readonly id: string
  /** The environment of its address; undefined when the id alone was given. */
  readonly origin: string | undefined
}

const NAME = 'pipelines-artifact'
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const ADDRESS = new RegExp(
  String.raw`^/api/data/v\d+\.\d+/deployment(?:artifacts|stageruns)\((${GUID})\)(?:/artifactfile(?:unmanaged)?(?:/\$value)?)?$`,
  'i',
)

/** Reads the id, or the address that a flow of the pipeline gets as `ArtifactFileDownloadLink`. */
export function pipelinesArtifactInput(): PipelinesArtifact | undefined {
  const value = optionalNameInput(NAME)
  if (value === undefined) return undefined
  const id = value.replace(/^\{(.*)\}$/, '$1')
  if (new RegExp(`^${GUID}$`, 'i').test(id)) return { id: id.toLowerCase(), origin: undefined }
  const address = URL.canParse(value) ? new URL(value) : undefined
  const [, found] = ADDRESS.exec(address?.pathname ?? '') ?? []
  if (address !== undefined && found !== undefined) return { id: found.toLowerCase(), origin: address.origin }
  throw new InputError(
    `Input '${NAME}' is '${shownAddress(value)}'. Give the id of a deployment artifact or of the run of a stage, such as 1b2c3d4e-0000-4000-8000-000000000001, or the address that the pipeline gives its flows (ArtifactFileDownloadLink).`,
  )
}
