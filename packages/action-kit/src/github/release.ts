import { UserError } from '@dsa/user-error'

/** A file of a release. */
export interface ReleaseAsset {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** sha256 in hex; GitHub notes it since June 2025. */
  readonly digest: string | undefined
  /** An upload that did not end leaves an asset that has no content. */
  readonly isUploaded: boolean
  /** Where a person downloads it. */
  readonly url: string
}

export interface Release {
  readonly id: number
  readonly tag: string
  /** The title. */
  readonly name: string
  /** The notes. */
  readonly body: string
  readonly draft: boolean
  readonly prerelease: boolean
  /** Its tag and its files are fixed. */
  readonly immutable: boolean
  /** The page. */
  readonly url: string
  /** A template, on another host than the API. */
  readonly uploadUrl: string
  readonly assets: readonly ReleaseAsset[]
}

/** @throws UserError when the answer is no release */
export function readRelease(data: unknown): Release {
  if (
    isRecord(data) &&
    typeof data['id'] === 'number' &&
    typeof data['tag_name'] === 'string' &&
    Array.isArray(data['assets'])
  ) {
    return {
      id: data['id'],
      tag: data['tag_name'],
      name: textOf(data['name']),
      body: textOf(data['body']).replaceAll('\r\n', '\n'),
      draft: data['draft'] === true,
      prerelease: data['prerelease'] === true,
      immutable: data['immutable'] === true,
      url: textOf(data['html_url']),
      uploadUrl: textOf(data['upload_url']),
      assets: data['assets'].flatMap((asset: unknown) => readAsset(asset) ?? []),
    }
  }
  throw new UserError('GitHub answered with something else than a release. Is GITHUB_API_URL right?')
}

/** @returns undefined when the answer is no file of a release */
export function readAsset(data: unknown): ReleaseAsset | undefined {
  if (!isRecord(data)) return undefined
  const { id, name, size, digest, state } = data
  if (typeof id !== 'number' || typeof name !== 'string' || typeof size !== 'number') return undefined
  const [, hex] = typeof digest === 'string' ? (/^sha256:([0-9a-f]{64})$/i.exec(digest) ?? []) : []
  return {
    id,
    name,
    size,
    digest: hex?.toLowerCase(),
    isUploaded: state === undefined || state === 'uploaded',
    url: textOf(data['browser_download_url']),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
