import { UserError } from '@dsa/user-error'

export interface Asset {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** sha256 in hex; GitHub notes it since June 2025. */
  readonly digest: string | undefined
}

export interface Release {
  readonly tag: string
  readonly draft: boolean
  readonly prerelease: boolean
  readonly assets: readonly Asset[]
}

/** @throws UserError when the answer is no release */
export function readRelease(data: unknown): Release {
  if (isRecord(data) && typeof data['tag_name'] === 'string' && Array.isArray(data['assets'])) {
    return {
      tag: data['tag_name'],
      draft: data['draft'] === true,
      prerelease: data['prerelease'] === true,
      assets: data['assets'].filter(isRecord).flatMap(readAsset),
    }
  }
  throw new UserError('GitHub answered with something else than a release. Is GITHUB_API_URL right?')
}

/** An upload that did not end leaves an asset of another state, which has no content. */
function readAsset({ id, name, size, digest, state }: Fields): readonly Asset[] {
  if (typeof id !== 'number' || typeof name !== 'string' || typeof size !== 'number') return []
  if (state !== undefined && state !== 'uploaded') return []
  const [, hex] = typeof digest === 'string' ? (/^sha256:([0-9a-f]{64})$/i.exec(digest) ?? []) : []
  return [{ id, name, size, digest: hex?.toLowerCase() }]
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
