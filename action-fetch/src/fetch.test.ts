import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import JSZip from 'jszip'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { type Emulated, emulate } from '../../tests/support/emulated.ts'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'
import { release, REPOSITORY, runtimeToken, sha256, TOKEN, upload } from './testing/build-places.ts'

const RUN = '7000'
const OTHER_RUN = '6999'
const READER = 'ghs_emulated-token-without-permissions-0001'

let emulated: Emulated
let workspace: string
const archives: Record<'orders' | 'core' | 'unmanaged', Uint8Array> = {
  orders: new Uint8Array(),
  core: new Uint8Array(),
  unmanaged: new Uint8Array(),
}

beforeAll(async () => {
  emulated = await emulate({ github: { tokens: { [READER]: { issues: 'read' } } } }, 0)
  workspace = mkdtempSync(join(tmpdir(), 'fetch-'))
  archives.orders = await makeArchive({ uniqueName: 'Orders', version: '1.2.0.0', managed: true })
  archives.core = await makeArchive({ uniqueName: 'Core', version: '1.2.0.0', managed: true })
  archives.unmanaged = await makeArchive({ uniqueName: 'Orders', version: '1.2.0.0' })
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

let folders = 0
let folder = ''
beforeEach(() => {
  folder = `out${(folders += 1)}`
})

function zipped(files: Readonly<Record<string, Uint8Array | string>>): Promise<Uint8Array> {
  const zip = new JSZip()
  for (const [name, content] of Object.entries(files)) zip.file(name, content, { createFolders: false })
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' })
}

function fetchBuild(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  return runAction(
    'fetch',
    { folder, 'github-token': TOKEN, ...inputs },
    {
      workspace,
      environment: {
        GITHUB_API_URL: emulated.emulator.ready.github,
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_RUN_ID: RUN,
        ACTIONS_RESULTS_URL: emulated.emulator.ready.artifacts,
        ACTIONS_RUNTIME_TOKEN: runtimeToken(RUN),
        ...environment,
      },
    },
  )
}

function errorOf({ annotations }: StepResult): string {
  return annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)
    .join('\n')
}

function written(): readonly string[] {
  const path = join(workspace, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zip'))
}

describe('from an artifact', () => {
  beforeAll(async () => {
    const files = {
      'Orders_managed.zip': archives.orders,
      'sub/Core_managed.zip': archives.core,
      'Orders.zip': archives.unmanaged,
      'notes.md': '# Notes',
    }
    const sums = Object.entries(files)
      .map(([name, content]) => `${sha256(Buffer.from(content))}  ${name}\n`)
      .join('')
    await upload(emulated, RUN, 'build', await zipped({ ...files, SHA256SUMS: sums }))
    await upload(emulated, OTHER_RUN, 'build', await zipped({ 'Orders_managed.zip': archives.orders }))
  })

  test('the archives of a kind come into the folder, and what they are into outputs and summary', async () => {
    const { code, outputs, summary } = await fetchBuild({
      'artifact-name': 'build',
      'solution-type': 'managed',
      'checksums-file': 'SHA256SUMS',
    })
    expect(code).toBe(0)
    const files = [
      join(workspace, folder, 'Orders_managed.zip'),
      join(workspace, folder, 'sub/Core_managed.zip'),
    ]
    expect(outputs['solution-file']?.split('\n')).toEqual(files)
    expect(JSON.parse(outputs['solutions'] ?? '')).toEqual([
      { file: files[0], name: 'Orders', version: '1.2.0.0', managed: true, sha256: sha256(archives.orders) },
      { file: files[1], name: 'Core', version: '1.2.0.0', managed: true, sha256: sha256(archives.core) },
    ])
    expect(outputs['version']).toBe('1.2.0.0')
    expect(files.map((file) => sha256(readFileSync(file)))).toEqual([
      sha256(archives.orders),
      sha256(archives.core),
    ])
    expect(summary).toContain('as built, by the file')
    expect(written()).toHaveLength(2)
  })

  test('an archive that was uploaded as it is stays whole', async () => {
    await upload(emulated, RUN, 'Orders_managed.zip', archives.orders)
    const { code, outputs } = await fetchBuild({ 'artifact-name': 'Orders_managed.zip' })
    expect(code).toBe(0)
    expect(outputs['solution-file']).toBe(join(workspace, folder, 'Orders_managed.zip'))
    expect(readFileSync(outputs['solution-file'] ?? '')).toEqual(Buffer.from(archives.orders))
  })

  test('of another run comes with the token, and the store never sees it', async () => {
    const { code, outputs } = await fetchBuild({ 'artifact-name': 'build', 'run-id': OTHER_RUN })
    expect(code).toBe(0)
    expect(outputs['sha256']).toBe(`${sha256(archives.orders)}  Orders_managed.zip`)
  })

  test('of another run without the permission names the permission', async () => {
    const result = await fetchBuild({
      'artifact-name': 'build',
      'run-id': OTHER_RUN,
      'github-token': READER,
    })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain("The token needs the permission 'actions: read' of contoso/orders.")
  })

  test.each([
    [{}, "This run has no artifact 'buidl'. It has 'Orders_managed.zip' and 'build'."],
    [{ 'run-id': OTHER_RUN }, "The run 6999 of contoso/orders has no artifact 'buidl'. It has 'build'."],
  ])('that is not there is an error that says which there are: %j', async (inputs, message) => {
    const result = await fetchBuild({ 'artifact-name': 'buidl', ...inputs })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(message)
  })

  test('on an Enterprise Server without the service says so, and the way round', async () => {
    const result = await fetchBuild(
      { 'artifact-name': 'build' },
      { GITHUB_SERVER_URL: 'https://git.contoso.example' },
    )
    expect(result.code).toBe(1)
    expect(errorOf(result)).toMatch(
      /this GitHub Enterprise Server does not have .* Take the files from a release/,
    )
  })

  test('whose bytes are not those that were uploaded is refused', async () => {
    await upload(emulated, RUN, 'replaced', await zipped({ 'a.zip': archives.core }), 'a'.repeat(64))
    const result = await fetchBuild({ 'artifact-name': 'replaced' })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain("The artifact 'replaced' came damaged")
    expect(written()).toEqual([])
  })

  test.each(['../evil.zip', '/evil.zip', 'a/../../evil.zip', '.git/hooks/evil.zip'])(
    'with the hostile name %j writes nothing',
    async (name) => {
      const artifact = `hostile-${sha256(Buffer.from(name)).slice(0, 8)}`
      await upload(
        emulated,
        RUN,
        artifact,
        await zipped({ 'good.zip': archives.core, [name]: archives.orders }),
      )
      const result = await fetchBuild({ 'artifact-name': artifact })
      expect(result.code).toBe(1)
      expect(errorOf(result)).toContain('cannot be written')
      expect(written()).toEqual([])
      expect(existsSync(join(workspace, 'evil.zip'))).toBe(false)
    },
  )

  test('that unpacks to gigabytes is refused before it is unpacked', async () => {
    const bomb = Buffer.from(await zipped({ 'bomb.zip': archives.core }))
    bomb.writeUInt32LE(0xf0000000, bomb.lastIndexOf(Buffer.from('PK\u0001\u0002')) + 24)
    await upload(emulated, RUN, 'bomb', bomb)
    const result = await fetchBuild({ 'artifact-name': 'bomb' })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain("'bomb.zip' unpacks to 4026531840 bytes; the limit is")
  })

  test('without a solution says what it holds', async () => {
    await upload(
      emulated,
      RUN,
      'papers',
      await zipped({ 'notes.md': 'x', 'source.zip': await zipped({ a: 'b' }) }),
    )
    const result = await fetchBuild({ 'artifact-name': 'papers', 'solution-type': 'Managed' })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(
      "There is no managed solution archive in the artifact 'papers'. It holds 'notes.md' and 'source.zip'.",
    )
  })
})

describe('checksums', () => {
  beforeAll(async () => {
    await upload(
      emulated,
      RUN,
      'sums',
      await zipped({
        'Orders_managed.zip': archives.orders,
        'Core_managed.zip': archives.core,
        PARTLY: `${sha256(archives.core)} *Core_managed.zip\n`,
      }),
    )
  })
  const fetchSums = (inputs: Readonly<Record<string, string>>) =>
    fetchBuild({ 'artifact-name': 'sums', ...inputs })

  test('alone or with names let the archives through that have them', async () => {
    const sums = `# of the build\n${sha256(archives.orders).toUpperCase()}\n${sha256(archives.core)}  out/Core_managed.zip`
    expect((await fetchSums({ sha256: sums })).code).toBe(0)
    expect(written()).toHaveLength(2)
  })

  test('of archives that are not wanted may stand beside the others', async () => {
    const sums = `${sha256(archives.orders)}  Orders_managed.zip\n${'2'.repeat(64)}  Reports_managed.zip`
    expect((await fetchSums({ sha256: sums, files: 'Orders*.zip' })).code).toBe(0)
    expect(written()).toHaveLength(1)
  })

  test('of an archive that did not arrive: nothing is written, since it is not all that was built', async () => {
    const sums = [
      `${sha256(archives.orders)}  Orders_managed.zip`,
      `${sha256(archives.core)}  Core_managed.zip`,
      `${'2'.repeat(64)}  out/Reports_managed.zip`,
    ]
    const result = await fetchSums({ sha256: sums.join('\n') })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(
      "The input 'sha256' has a sum for 'out/Reports_managed.zip', which is not in the artifact 'sums'",
    )
    expect(written()).toEqual([])
  })

  test.each([
    ['another one', { sha256: `${'0'.repeat(64)}  Core_managed.zip\n${'1'.repeat(64)}` }, '2 archives of'],
    [
      'none for a file',
      { 'checksums-file': 'PARTLY' },
      "the file 'PARTLY' has no sum for 'Orders_managed.zip'",
    ],
    [
      'no file of sums',
      { 'checksums-file': 'SHA256SUMS' },
      "'checksums-file' names 'SHA256SUMS', which is not in",
    ],
    ['no sum', { sha256: 'abc' }, "Input 'sha256', line 1: 'abc' is no SHA-256 sum."],
  ])('%s: nothing is written', async (_, inputs: Readonly<Record<string, string>>, message) => {
    const result = await fetchSums(inputs)
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(message)
    expect(written()).toEqual([])
  })
})

describe('from a release', () => {
  beforeAll(async () => {
    const older = (version: string) => makeArchive({ uniqueName: 'Orders', version, managed: true })
    await release(emulated, { tag: 'v1.0.0', assets: { 'Orders_managed.zip': await older('1.0.0.0') } })
    await release(emulated, { tag: 'core/v1.1.5', assets: { 'Core_managed.zip': archives.core } })
    await release(emulated, { tag: 'v1.1.0', assets: { 'Orders_1_1_managed.zip': await older('1.1.0.0') } })
    await release(emulated, {
      tag: 'v1.1.9',
      prerelease: true,
      assets: { 'Orders_managed.zip': await older('1.1.9.0') },
    })
    await release(emulated, {
      tag: 'v1.2.0',
      assets: { 'Orders_managed.zip': archives.orders, 'source.zip': await zipped({ a: 'b' }) },
    })
    await release(emulated, { tag: 'v1.3.0', draft: true, assets: { 'Orders_managed.zip': archives.orders } })
  })

  test.each(['v1.2.0', 'latest'])('by %s the archives are those that were published', async (tag) => {
    const { code, outputs } = await fetchBuild({ release: tag })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({
      release: 'v1.2.0',
      'solution-file': join(workspace, folder, 'Orders_managed.zip'),
      sha256: `${sha256(archives.orders)}  Orders_managed.zip`,
    })
  })

  test('the release before it comes along, whatever its files are called', async () => {
    const { code, outputs, summary } = await fetchBuild({
      release: 'refs/tags/v1.2.0',
      'previous-release': 'auto',
    })
    expect(code).toBe(0)
    expect(outputs['previous-release']).toBe('v1.1.0')
    expect(outputs['previous-solution-file']).toBe(join(workspace, folder, 'previous/Orders_1_1_managed.zip'))
    expect(existsSync(outputs['previous-solution-file'] ?? '')).toBe(true)
    expect(summary).toContain('previous release v1.1.0')
  })

  test('a release with other files alone, and the release itself, are none before it', async () => {
    const repository = 'contoso/built'
    const of = (version: string) => makeArchive({ uniqueName: 'Orders', version, managed: true })
    const assets = { 'Orders_managed.zip': await of('1.0.0.7') }
    await release(emulated, { tag: 'v1.0.0', assets }, repository)
    await release(emulated, { tag: 'v1.1.0', assets: { 'docs.zip': await zipped({ a: 'b' }) } }, repository)
    const newest = { 'Orders_managed.zip': await of('1.2.0.9') }
    await release(emulated, { tag: 'v1.2.0', assets: newest }, repository)
    const result = await fetchBuild({ repository, release: 'v1.2.0', 'previous-release': 'auto' })
    expect(errorOf(result)).toBe('')
    expect(result.outputs['previous-release']).toBe('v1.0.0')
  })

  test('the release of the version that an environment has comes along, and none is no failure', async () => {
    const installed = await fetchBuild({ release: 'v1.2.0', 'previous-release': '1.1.0.0' })
    expect([installed.code, installed.outputs['previous-release']]).toEqual([0, 'v1.1.0'])
    const itself = await fetchBuild({ release: 'v1.2.0', 'previous-release': '1.2.0.0' })
    expect([itself.code, itself.outputs['previous-release']]).toEqual([0, 'v1.2.0'])
    const none = await fetchBuild({ release: 'v1.2.0', 'previous-release': '1.1.0.7' })
    expect([none.code, none.outputs['previous-release']]).toEqual([0, undefined])
  })

  test('a first release has none before it, which is no failure', async () => {
    const { code, outputs, annotations } = await fetchBuild({ release: 'v1.0.0', 'previous-release': 'auto' })
    expect(code).toBe(0)
    expect(outputs['previous-solution-file']).toBeUndefined()
    expect(annotations).toMatchObject([
      { level: 'notice', message: expect.stringContaining('no older release') },
    ])
  })

  test.each([
    ['a draft', { release: 'v1.3.0' }, "has no published release with the tag 'v1.3.0'"],
    [
      'another repository',
      { release: 'latest', repository: 'contoso/empty' },
      'contoso/empty has no published release',
    ],
    [
      'no permission',
      { release: 'latest', 'github-token': READER },
      "The token needs the permission 'contents: read'.",
    ],
    [
      'a file that is not there',
      { release: 'latest', files: 'Core*.zip' },
      "that 'files' names (Core*.zip) in the release",
    ],
  ])('%s: says so', async (_, inputs: Readonly<Record<string, string>>, message) => {
    const result = await fetchBuild(inputs)
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(message)
    expect(written()).toEqual([])
  })

  test.each([
    ['http://store.example/x', 'it was to come from http://store.example, which is not https'],
    ['/repos/contoso/orders/releases/assets/1', 'it was sent on more than 3 times'],
  ])('sent on to %s: nothing is taken', async (location, message) => {
    const fault = {
      fault: 'status',
      service: 'github',
      path: '/releases/assets/',
      status: 302,
      headers: { Location: location },
    } as const
    emulated.emulator.faults([{ ...fault, times: location.startsWith('/') ? 4 : 1 }])
    const result = await fetchBuild({ release: 'v1.2.0', files: 'Orders_managed.zip' })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(`Downloading the asset 'Orders_managed.zip' failed: ${message}`)
    expect(written()).toEqual([])
  })
})

test.each([
  [{}, "Neither 'artifact-name' nor 'release' is given."],
  [{ 'artifact-name': 'a', release: 'v1' }, "'artifact-name' and 'release' are both given"],
  [{ release: 'v1', 'run-id': '1' }, "'run-id' is the run of an artifact"],
  [{ release: 'v1', repository: 'a/b/c' }, "Input 'repository' is 'a/b/c'"],
])(
  'the inputs %j are refused before anything is asked',
  async (inputs: Readonly<Record<string, string>>, message) => {
    const result = await fetchBuild(inputs)
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(message)
  },
)
