import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packSolution, readFolder } from '@dsa/solution-package'
import { withEmulator } from './testing/emulated-environment.ts'
import { withArchive } from './testing/scripted-environment.ts'

async function sample(version: string): Promise<Uint8Array> {
  const folder = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
  const packed = await packSolution(readFolder(folder), { packageType: 'Managed', version })
  return packed.archives[0]?.bytes ?? new Uint8Array()
}

function withSample(
  config: Parameters<typeof withEmulator>[0],
  work: Parameters<typeof withEmulator>[1],
): Promise<void> {
  return withArchive({}, async (folder) => {
    await writeFile(join(folder, 'core.zip'), await sample('1.0.0.0'))
    await writeFile(join(folder, 'next.zip'), await sample('1.1.0.0'))
    await withEmulator(config, work, folder)
  })
}

describe('the sample solution', () => {
  test('settings travel with the import, flows come on, and nothing removed is an update (C66, C70, C75, C89)', async () => {
    await withSample({ environments: { prod: { kind: 'production' } } }, async (emulator, act) => {
      const settings = {
        variableLines: ['lin_OrderMailbox=orders@linden.example', 'lin_DeliveryDays=9'],
        referenceLines: [
          'lin_sharedoffice365_8c2d4=shared-office365-1',
          'lin_sharedcommondataserviceforapps_3f7a1=shared-dataverse-1',
        ],
      }
      const first = await act('prod', settings)
      expect(first.failure).toBe('')
      expect(first.result).toMatchObject({ decision: 'install', 'flows-off': 0, findings: 0 })
      expect(first.lines.filter((line) => line.startsWith('warning'))).toEqual([])
      const { store } = emulator.environment('prod')
      const values = (): unknown[] => store.rows('environmentvariablevalue').map((row) => row['value'])
      expect(values()).toEqual(expect.arrayContaining(['orders@linden.example', '9']))

      const changed = await act('prod', {
        ...settings,
        solutionFiles: ['next.zip'],
        variableLines: ['lin_DeliveryDays=3'],
      })
      expect(changed.failure).toBe('')
      expect(changed.result).toMatchObject({
        decision: 'update',
        'previous-version': '1.0.0.0',
        version: '1.1.0.0',
      })
      expect(new Set(values())).toEqual(new Set(['3', 'orders@linden.example']))
    })
  })

  test('settings alone, without an import (C67)', async () => {
    await withSample({ environments: { prod: { kind: 'production' } } }, async (emulator, act) => {
      await act('prod', {})
      const before = (await emulator.jobs()).length
      const { result, failure } = await act('prod', {
        mode: 'settings',
        solutionFiles: [],
        variableLines: ['lin_OrderMailbox=orders@linden.example'],
        referenceLines: ['lin_sharedoffice365_8c2d4=shared-office365-1'],
      })
      expect(failure).toBe('')
      expect(result).toMatchObject({ decision: 'settings', changed: true })
      expect(await emulator.jobs()).toHaveLength(before)
      const { store } = emulator.environment('prod')
      expect(store.find('environmentvariablevalue', () => true)?.['value']).toBe('orders@linden.example')
      const bound = store.find('connectionreference', (row) => row['connectionid'] === 'shared-office365-1')
      expect(bound).toBeDefined()
    })
  })

  test('a value can be set to empty, which is not the same as not given (C69)', async () => {
    await withSample({ environments: { prod: { kind: 'production' } } }, async (emulator, act) => {
      const value = (): unknown =>
        emulator.environment('prod').store.find('environmentvariablevalue', () => true)?.['value']
      await act('prod', { variableLines: ['lin_OrderMailbox=orders@linden.example'] })
      await act('prod', { solutionFiles: ['next.zip'] })
      expect(value()).toBe('orders@linden.example')
      const emptied = await act('prod', {
        mode: 'settings',
        solutionFiles: [],
        variableLines: ['lin_OrderMailbox=""'],
      })
      expect(emptied.failure).toBe('')
      expect(value()).toBe('')
    })
  })

  test('flows are kept, switched off and switched on as asked (C77)', async () => {
    await withSample({ environments: { prod: { kind: 'production' } } }, async (emulator, act) => {
      const { store } = emulator.environment('prod')
      const isOn = (): boolean => store.find('workflow', () => true)?.['statecode'] === 1
      const settings = {
        referenceLines: [
          'lin_sharedoffice365_8c2d4=shared-office365-1',
          'lin_sharedcommondataserviceforapps_3f7a1=shared-dataverse-1',
        ],
      }
      const states: boolean[] = []
      for (const change of [
        { flows: 'off' },
        { solutionFiles: ['next.zip'], flows: 'keep', activatePlugins: false },
        { solutionFiles: ['next.zip'], flows: 'on' },
      ] as const) {
        expect((await act('prod', { ...settings, ...change })).failure).toBe('')
        states.push(isOn())
      }
      expect(states).toEqual([false, false, true])
    })
  })

  test('a flow that cannot come on is named with the reason; the import has succeeded (C61, C76)', async () => {
    await withSample({ environments: { prod: { kind: 'production' } } }, async (_, act) => {
      const { result, failure, lines } = await act('prod', { flows: 'on' })
      expect(failure).toBe('')
      expect(result).toMatchObject({ 'import-status': 'succeeded', 'flows-off': 1 })
      expect(lines.join('\n')).toMatch(/warning: The flow 'Confirm order by e-mail' is off: .*connection/)
    })
  })
})
