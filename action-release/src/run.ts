import { readFileSync, statSync } from 'node:fs'
import {
  type ActionDeps,
  connectToGithub,
  type GitHub,
  namingPermissions,
  type Outputs,
  type Release,
  resolvePath,
} from '@dsa/action-kit'
import { counted, quotedList, UserError } from '@dsa/user-error'
import { assetsOf, type AssetStore, planAssets, refusePublished, upload } from './assets.ts'
import { wantedFiles, type WantedFile } from './files.ts'
import type { Inputs } from './inputs.ts'
import { createDraft, findRelease, publish, type ReleaseText, updateText } from './releases.ts'
import { checkTag } from './tag.ts'

/** https://docs.github.com/en/rest/releases/releases counts characters. */
const LONGEST_BODY = 125_000

type Operation = 'created' | 'updated' | 'none'

interface Released {
  readonly release: Release
  readonly operation: Operation
}

/** Brings files into the release of a tag, and publishes it when all of them are there. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const files = wantedFiles(inputs, deps.root)
  const text: ReleaseText = {
    name: inputs.title ?? inputs.tag.name,
    body: bodyOf(inputs, deps),
    prerelease: inputs.isPrerelease,
  }
  try {
    const github = await connectToGithub(inputs.token, deps)
    await checkTag(github, inputs.tag, deps.environment['GITHUB_SHA'])
    const store = { github, token: inputs.token, environment: deps.environment }
    const { release, operation } = await bring(store, files, text, inputs, deps)
    const assets = await assetsOf(github, release)
    tell(release, operation, files, deps)
    return {
      'release-id': release.id,
      url: release.url,
      tag: release.tag,
      assets: JSON.stringify(
        assets.map(({ name, size, digest, url }) => ({
          name,
          size,
          sha256: digest ?? files.find((file) => file.name === name)?.sha256,
          url,
        })),
      ),
      operation,
      published: !release.draft,
      immutable: release.immutable,
    }
  } catch (error) {
    throw namingPermissions(error, ['contents: write'])
  }
}

async function bring(
  store: AssetStore,
  files: readonly WantedFile[],
  text: ReleaseText,
  inputs: Inputs,
  deps: ActionDeps,
): Promise<Released> {
  const { github } = store
  const found = await findRelease(github, inputs.tag.name)
  const draft = found ?? (await createDraft(github, inputs.tag.name, text))
  if (!draft.draft) return bringToPublished(store, draft, files, deps)
  const updated = await updateText(github, draft, text)
  const plan = await planAssets(store, draft, files)
  if (plan.foreign.length > 0)
    deps.log.warning(
      `The draft of '${draft.tag}' also has ${quotedList(plan.foreign)}, which this run did not build, and which no sum covers. Delete what does not belong to it.`,
    )
  await upload(store, draft, plan)
  const isChanged =
    updated.isChanged || plan.missing.length > 0 || plan.other.length > 0 || inputs.isPublished
  return {
    release: inputs.isPublished ? await publishOnce(github, updated.release, inputs.latest) : updated.release,
    operation: found === undefined ? 'created' : isChanged ? 'updated' : 'none',
  }
}

/** A run beside this one may have published it. */
async function publishOnce(github: GitHub, draft: Release, latest: Inputs['latest']): Promise<Release> {
  const now = await findRelease(github, draft.tag)
  return now?.id === draft.id && !now.draft ? now : publish(github, draft, latest)
}

/** Its text is left to people. */
async function bringToPublished(
  store: AssetStore,
  release: Release,
  files: readonly WantedFile[],
  { log }: ActionDeps,
): Promise<Released> {
  const plan = await planAssets(store, release, files)
  refusePublished(release, plan)
  if (plan.missing.length === 0) {
    log.info(`The release '${release.tag}' is published with the same files, and stays as it is.`)
    return { release, operation: 'none' }
  }
  await upload(store, release, plan)
  return { release, operation: 'updated' }
}

function bodyOf({ body, bodyFile }: Inputs, { root }: ActionDeps): string | undefined {
  if (bodyFile === undefined) return checkedBody(body, "'body'")
  const path = resolvePath(root, bodyFile)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UserError(`There is no file '${bodyFile}' ('body-file').`)
  return checkedBody(readFileSync(path, 'utf8'), `The file '${bodyFile}'`)
}

function checkedBody(text: string | undefined, what: string): string | undefined {
  // As GitHub gives it back, so that the same text is found to be the same.
  const body = text?.replaceAll('\r\n', '\n').trim()
  if (body === undefined || body.length <= LONGEST_BODY) return body
  throw new UserError(`${what} has ${body.length} characters, and notes of a release have at most 125,000.`)
}

function tell(
  { tag, url, draft, immutable }: Release,
  operation: Operation,
  files: readonly WantedFile[],
  { log, summary }: ActionDeps,
): void {
  const state = draft ? 'a draft' : immutable ? 'published and immutable' : 'published'
  const said = operation === 'none' ? `Release ${tag} was as it should be` : `Release ${tag} is ${state}`
  summary.outcome(operation === 'none' ? 'nothing to do' : 'done', said, [
    state,
    counted(files.length, 'file'),
  ])
  summary.facts([['page', { code: url }]])
  summary.table(
    ['File', 'Bytes', 'sha256'],
    files.map(({ name, size, sha256 }) => [{ code: name }, size, { code: sha256 }]),
  )
  log.info(`${said}. ${url}`)
}
