import { readFile } from 'node:fs/promises'
import { emulatedActions } from '../testing/emulated-actions.ts'
import { imported, there } from '../testing/scripted-run.ts'

const { act, seeded } = emulatedActions({ jobSeconds: 0.01 })

test('what is staged is named with its own version, beside the one that stays', async () => {
  const step = await act({ mode: 'stage' }, await seeded({ version: '1.0.0.0' }))
  expect(step).toMatchObject({ code: 0, outputs: { decision: 'stage', version: '1.0.0.0' } })
  expect(step.summary).toContain('Staged core 1.1.0.0 beside 1.0.0.0, to be applied later in ')
  expect(step.log).toContain('has core 1.0.0.0, and 1.1.0.0 staged beside it.')
})

test('a step after the import that fails takes away nothing of what is told about the import', async () => {
  let record = ''
  const { outputs, failure } = await imported(
    {},
    [there('1.0.0.0'), [/^POST PublishAllXml/, () => ({ status: 400 })]],
    { publishChanges: true },
    (_, { deps }) => {
      const { setOutput } = deps
      Object.assign(deps, {
        setOutput(name: string, value: string) {
          setOutput(name, value)
          if (name === 'record-file') record = value
        },
      })
    },
  )
  expect(failure).toMatch(
    /The import succeeded, and .* has core 1\.1\.0\.0, but a step after it failed: POST /,
  )
  expect(outputs).toMatchObject({ changed: true, version: '1.1.0.0', 'import-status': 'succeeded' })
  expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
    ending: 'succeeded-with-errors',
    solution: { previousVersion: '1.0.0.0', version: '1.1.0.0' },
  })
})

test('the heading tells what was imported, also when the next deployment came meanwhile', async () => {
  let looks = 0
  const { summary, result } = await imported({}, [
    [
      /^GET solutions\?.*uniquename eq/,
      () => ({
        json: {
          value: [
            {
              solutionid: 'i',
              uniquename: 'core',
              version: ++looks > 2 ? '1.2.0.0' : '1.0.0.0',
              ismanaged: true,
              publisherid: { uniquename: 'contoso' },
            },
          ],
        },
      }),
    ],
  ])
  expect(summary[0]).toContain('Updated core 1.0.0.0 → 1.1.0.0 in ')
  expect(result).toMatchObject({ version: '1.2.0.0' })
})
