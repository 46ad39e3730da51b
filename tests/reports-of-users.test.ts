import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packSolution, readFolder } from '../packages/solution-package/src/index.ts'
import {
  customizations,
  solutionXml,
  solutionZip,
} from '../packages/solution-package/src/testing/solution-zip.ts'
import { root } from './support/actions.ts'
import { startEmulator } from '../packages/dataverse-emulator/src/index.ts'
import { runAction, runActionSync } from './support/run-action.ts'

const sample = join(root, 'samples/orders/solution')

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'reports-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

function at(path: string): string {
  return join(workspace, path)
}
function put(path: string, content: string | Uint8Array): void {
  return writeFileSync(at(path), content)
}
function unpack(file: string, inputs: Readonly<Record<string, string>> = {}) {
  return runActionSync(
    'unpack',
    { 'solution-file': file, 'solution-folder': 'solution', ...inputs },
    { workspace },
  )
}
function pack(folder = 'solution') {
  return runActionSync('pack', { 'solution-file': 'packed.zip', 'solution-folder': folder }, { workspace })
}

const DOCUMENT = 'CanvasApps/acme_app_DocumentUri.msapp'

/** An archive with a canvas app whose document no tool can read. */
function canvasArchive(): Uint8Array {
  return solutionZip({
    solution: solutionXml.replace(
      '<RootComponents />',
      '<RootComponents><RootComponent type="300" schemaName="acme_app" behavior="0" /></RootComponents>',
    ),
    contentTypes:
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="msapp" ContentType="application/octet-stream" /></Types>',
    customizations: customizations(
      `<CanvasApps><CanvasApp><Name>acme_app</Name><BackgroundImageUri /><DocumentUri>/${DOCUMENT}</DocumentUri></CanvasApp></CanvasApps><Languages><Language>1033</Language></Languages>`,
    ),
    more: [{ name: DOCUMENT, content: 'no canvas app at all' }],
  })
}

describe('canvas apps', () => {
  test('stay as they are, whatever is in them, and are no left-overs (C31, C42, C43)', () => {
    put('app.zip', canvasArchive())
    expect(unpack('app.zip')).toMatchObject({ code: 0, outputs: { 'not-carried': '0' } })
    expect(readFileSync(at(`solution/${DOCUMENT}`), 'utf8')).toBe('no canvas app at all')
    expect(unpack('app.zip').outputs).toMatchObject({ changed: 'false', 'files-deleted': '0' })
    expect(pack()).toMatchObject({ code: 0 })
    rmSync(at('solution'), { recursive: true })
    unpack('packed.zip')
    expect(readFileSync(at(`solution/${DOCUMENT}`), 'utf8')).toBe('no canvas app at all')
  })

  test('without their document are not packed, so that no import fails for it (C46)', () => {
    put('app.zip', canvasArchive())
    unpack('app.zip')
    rmSync(at(`solution/${DOCUMENT}`))
    const run = pack()
    expect(run.code).toBe(1)
    expect(run.annotations.map(({ message }) => message).join('\n')).toContain(DOCUMENT)
    expect(existsSync(at('packed.zip'))).toBe(false)
  })
})

test('with normalize, an export in another order changes no file (C27)', async () => {
  const order = async (change: (text: string) => string): Promise<Uint8Array> => {
    const folder = mkdtempSync(at('order-'))
    cpSync(sample, folder, { recursive: true })
    const file = join(folder, 'Roles/Order Clerk.xml')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const { archives } = await packSolution(readFolder(folder), { packageType: 'Unmanaged' })
    return archives[0]?.bytes ?? new Uint8Array()
  }
  const reversed = (text: string): string => {
    const [list = ''] = /<RolePrivileges>(?:\s*<RolePrivilege [^>]*>)+/.exec(text) ?? []
    const found = list.match(/<RolePrivilege [^>]*>/g) ?? []
    expect(found.length).toBeGreaterThan(2)
    return text.replace(list, `<RolePrivileges>${found.toReversed().join('')}`)
  }
  put('first.zip', await order((text) => text))
  put('second.zip', await order(reversed))
  unpack('first.zip')
  expect(unpack('second.zip').outputs).toMatchObject({ changed: 'true', 'files-changed': '1' })
  unpack('first.zip', { normalize: 'true' })
  expect(unpack('second.zip', { normalize: 'true' }).outputs).toMatchObject({ changed: 'false' })
})

test('nothing is written outside of the folder, whatever a component is called (C32)', () => {
  put('out.zip', solutionZip({ more: [{ name: '../../outside.txt', content: 'x' }] }))
  const run = unpack('out.zip')
  expect(run.code).toBe(1)
  expect(run.annotations[0]?.message).toContain('points outside the folder')
  expect(readdirSync(workspace)).toEqual(['out.zip'])
  expect(existsSync(join(workspace, '../outside.txt'))).toBe(false)
})

test('a component that was removed is removed from the folder on every system (C28)', async () => {
  const { archives } = await packSolution(readFolder(sample), { packageType: 'Unmanaged' })
  put('orders.zip', archives[0]?.bytes ?? '')
  unpack('orders.zip')
  put('solution/Roles/Gone.xml', '<Role />')
  put('solution/.hidden', '')
  expect(unpack('orders.zip').outputs).toMatchObject({ 'files-deleted': '2', changed: 'true' })
  expect(readdirSync(at('solution/Roles'))).toEqual(['Order Clerk.xml'])
})

test('a root component without its file fails the packing, and is named (C38)', () => {
  cpSync(sample, at('solution'), { recursive: true })
  rmSync(at('solution/OptionSets/lin_orderstatus.xml'))
  const run = pack()
  expect(run.code).toBe(1)
  expect(run.annotations[0]?.message).toContain('lin_orderstatus (type 9) has no file')
  expect(existsSync(at('packed.zip'))).toBe(false)
})

test('what action-pack writes as settings is what an import and the step for settings take (C68)', async () => {
  cpSync(sample, at('solution'), { recursive: true })
  const emulator = await startEmulator({ environments: { test: { kind: 'sandbox' } }, jobSeconds: 0.01 })
  const { ready } = emulator
  const packed = await runAction(
    'pack',
    {
      'solution-folder': 'solution',
      'solution-type': 'Managed',
      'solution-file': 'packed.zip',
      'settings-file': 'settings.json',
    },
    { workspace },
  )
  expect(packed.code).toBe(0)
  const importWith = (mailbox: string, inputs: Readonly<Record<string, string>>) => {
    const settings: unknown = JSON.parse(readFileSync(at('settings.json'), 'utf8'))
    const filled = JSON.stringify(settings, (_, value: unknown) =>
      typeof value === 'object' && value !== null && Reflect.get(value, 'SchemaName') === 'lin_OrderMailbox'
        ? { ...value, Value: mailbox }
        : value,
    )
    put('filled.json', filled)
    return runAction(
      'import',
      {
        'environment-url': ready.environments['test'] ?? '',
        'tenant-id': ready.tenantId,
        'app-id': ready.appId,
        'client-secret': ready.clientSecret,
        authority: ready.authority,
        'deployment-settings-file': 'filled.json',
        ...inputs,
      },
      { workspace },
    )
  }
  const value = () =>
    emulator.environment('test').store.find('environmentvariablevalue', () => true)?.['value']
  expect((await importWith('first@linden.example', { 'solution-file': 'packed.zip' })).code).toBe(0)
  expect(value()).toBe('first@linden.example')
  expect((await importWith('second@linden.example', { mode: 'settings' })).outputs['decision']).toBe(
    'settings',
  )
  expect(value()).toBe('second@linden.example')
  await emulator.close()
})

test('all actions together are a download of less than 2 MB (C48, C50)', () => {
  const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const bytes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length)
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(2e6)
  // No programs and no large files that would be fetched from elsewhere.
  expect(files.filter(({ name }) => !/\.(js|json|txt)$/.test(name)).map(({ name }) => name)).toEqual([])
})
