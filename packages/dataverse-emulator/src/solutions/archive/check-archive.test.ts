import { openZip } from '@dsa/solution-package'
import { makeArchive, type SolutionSketch } from '../../testing/solution-archive.ts'
import { FLOW } from '../../testing/solution-kit.ts'
import { isRecord } from '../../http/exchange.ts'
import { pick, withEmulator, type Kit } from '../../testing/with-emulator.ts'
import { packageOf, zipOf, type ArchiveFile } from './zip.ts'

const SKETCH: SolutionSketch = {
  uniqueName: 'Orders',
  tables: { new_Order: ['new_name'] },
  webResources: { 'new_/a.js': 'one' },
  flows: { [FLOW]: [] },
}

async function files(): Promise<readonly ArchiveFile[]> {
  return openZip(await makeArchive(SKETCH)).map((entry) => ({ path: entry.name, bytes: entry.read() }))
}

/** The archive with another manifest. */
async function withManifest(edit: (xml: string) => string): Promise<Uint8Array> {
  return zipOf(
    (await files()).map((file) =>
      file.path === 'solution.xml'
        ? { ...file, bytes: Buffer.from(edit(Buffer.from(file.bytes).toString())) }
        : file,
    ),
  )
}

async function withoutFile(folder: string): Promise<Uint8Array> {
  return zipOf((await files()).filter(({ path }) => !path.startsWith(folder)))
}

async function withFile(path: string): Promise<Uint8Array> {
  const others = (await files()).filter((file) => file.path !== '[Content_Types].xml')
  return packageOf([...others, { path, bytes: Buffer.from('x') }])
}

/** The codes that staging and a job end with; `0x0` for none. */
async function refusals(kit: Kit, bytes: Uint8Array): Promise<readonly string[]> {
  const file = Buffer.from(bytes).toString('base64')
  const answer = await kit.done('dev', 'POST', 'StageSolution', { CustomizationFile: file })
  const results = pick(answer, 'StageSolutionResults', 'SolutionValidationResults')
  const [finding] = (Array.isArray(results) ? results : []).filter(isRecord)
  const { AsyncOperationId: id } = await kit.done('dev', 'POST', 'ImportSolutionAsync', {
    CustomizationFile: file,
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: false,
  })
  await kit.finishJobs()
  const job = await kit.done('dev', 'GET', `asyncoperations(${String(id)})`)
  return [finding?.['ErrorCode'], job['errorcode']].map((code) => `0x${(Number(code) >>> 0).toString(16)}`)
}

test.each([
  ['nothing wrong', () => makeArchive(SKETCH), '0x0'],
  ['a web resource without its file', () => withoutFile('WebResources/'), '0x80048033'],
  ['a flow without its file', () => withoutFile('Workflows/'), '0x80048033'],
  ['a file that nobody names', () => withFile('Workflows/notes.txt'), '0x80048033'],
  ['a file at the root that nobody names', () => withFile('README.md'), '0x80048033'],
  ['a blank in an entry name', () => withFile('WebResources/a b'), '0x80048060'],
  ['a letter beyond ASCII in an entry name', () => withFile('WebResources/ä'), '0x80048060'],
  ['an escape that no name needs', () => withFile('WebResources/%41'), '0x80048060'],
  ['a segment that ends in a dot', () => withFile('WebResources/a./b'), '0x80048060'],
  [
    'a second version',
    () => withManifest((xml) => xml.replace('<Version>', '<Version>1.0</Version><Version>')),
    '0x8004801a',
  ],
  [
    'a root component twice',
    () => withManifest((xml) => xml.replace(/(<RootComponent [^>]*>)/, '$1$1')),
    '0x80071153',
  ],
  [
    'a version above the limit',
    () => withManifest((xml) => xml.replace(/<Version>[^<]*/, '<Version>1.0.20220508103.0')),
    '0x8004f01e',
  ],
  [
    'the highest version',
    () => withManifest((xml) => xml.replace(/<Version>[^<]*/, '<Version>1.0.0.2147483647')),
    '0x0',
  ],
])('an archive with %s is answered as the service does, staged and imported', (_, archive, code) =>
  withEmulator({}, async (kit) => {
    expect(await refusals(kit, await archive())).toEqual([code, code])
  }),
)
