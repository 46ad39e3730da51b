import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installedRow, JOB, OPERATION, solutionArchive } from './testing/scripted-environment.ts'
import type { Answers, ArchiveSpec, World } from './testing/scripted-environment.ts'
import { imported, there } from './testing/scripted-run.ts'

const testOnLinux = process.platform === 'linux' ? test : test.skip

function entity(columns: string): string {
  return `<Entity><Name LocalizedName="O">c_order</Name><EntityInfo><entity Name="c_order"><attributes>${columns}</attributes></entity></EntityInfo></Entity>`
}
function column(name: string): string {
  return `<attribute PhysicalName="${name}"><LogicalName>${name}</LogicalName></attribute>`
}

describe('what an upgrade deletes', () => {
  const roots = '<RootComponent type="1" schemaName="c_order" behavior="0" />'
  const now: ArchiveSpec = { roots, entities: entity(column('c_total')) }
  const previous = async (root: string): Promise<void> =>
    writeFile(
      join(root, 'previous.zip'),
      await solutionArchive({
        version: '1.0.0.0',
        roots,
        entities: entity(column('c_total') + column('c_note')),
      }),
    )

  test('stops before data goes, and does it with leave', async () => {
    const change = { previousSolutionFiles: ['previous.zip'] }
    const stopped = await imported(now, [there('1.0.0.0')], change, previous)
    expect(stopped.writes()).toEqual([])
    expect(stopped.failure).toMatch(
      /Column c_order\.c_note would be deleted with its data.*'allow-data-deletion: true'/,
    )
    const done = await imported(now, [there('1.0.0.0')], { ...change, allowDataDeletion: true }, previous)
    expect(done.writes()).toContain('POST StageAndUpgradeAsync')
    expect(done.result).toMatchObject({ decision: 'upgrade', 'removed-components': 1 })
  })

  test('nothing removed for certain is an update', async () => {
    const { result } = await imported(
      now,
      [there('1.0.0.0')],
      { previousSolutionFiles: ['core-before.zip'] },
      async (root) =>
        writeFile(join(root, 'core-before.zip'), await solutionArchive({ ...now, version: '1.0.0.0' })),
    )
    expect(result).toMatchObject({ decision: 'update' })
  })

  test('an archive of another version is not used for the comparison', async () => {
    const { lines } = await imported(
      now,
      [there('1.0.5.0')],
      { previousSolutionFiles: ['previous.zip'] },
      previous,
    )
    expect(lines.join('\n')).toMatch(
      /'previous-solution-file' is core 1\.0\.0\.0, but the environment has core 1\.0\.5\.0/,
    )
  })
})

/** The row of an import of the same caller that waits (0) or runs (20). */
function ourImport(statuscode: 0 | 20): object {
  return {
    asyncoperationid: OPERATION,
    messagename: 'ImportSolutionAsync',
    statecode: statuscode === 20 ? 2 : 0,
    statuscode,
    createdon: '2026-01-01T00:00:00Z',
    _createdby_value: 'me',
  }
}

describe('modes', () => {
  test('check changes nothing and removes its upload', async () => {
    const { writes, result } = await imported({}, [], { mode: 'check' })
    expect(writes()).toEqual(['POST StageSolution', 'DELETE stagesolutionuploads'])
    expect(result).toMatchObject({ decision: 'install', changed: false, findings: 0 })
  })

  test('promote applies what is staged', async () => {
    const holding = installedRow('1.1.0.0', { uniquename: 'core_Upgrade', solutionid: 'holding' })
    const both: Answers = [
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.0.0.0'), holding] } })],
    ]
    const { asked, result, summary } = await imported({}, both, {
      mode: 'promote',
      solutionName: 'core',
      solutionFiles: [],
    })
    expect(summary[0]).toMatch(
      /^# Applied the staged upgrade of core 1\.0\.0\.0 → 1\.0\.0\.0 in Production \(production\)/,
    )
    expect(asked.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'DeleteAndPromoteAsync',
      body: '{"UniqueName":"core"}',
    })
    expect(result).toMatchObject({ decision: 'promote', changed: true })
  })

  test('promote says now and then that the job still runs', async () => {
    const holding = installedRow('1.1.0.0', { uniquename: 'core_Upgrade', solutionid: 'holding' })
    let looks = 0
    const answers: Answers = [
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.0.0.0'), holding] } })],
      [
        /^GET asyncoperations\(/,
        () => ({ json: ++looks < 20 ? { statecode: 2, statuscode: 20 } : { statecode: 3, statuscode: 30 } }),
      ],
    ]
    const { lines } = await imported({}, answers, {
      mode: 'promote',
      solutionName: 'core',
      solutionFiles: [],
    })
    expect(lines.filter((line) => line.includes('to 1.1.0.0: in progress (')).length).toBeGreaterThan(1)
  })

  test('promote with nothing staged is a success without a change', async () => {
    const { writes, result } = await imported({}, [there('1.1.0.0')], {
      mode: 'promote',
      solutionName: 'core',
      solutionFiles: [],
    })
    expect(writes()).toEqual([])
    expect(result).toMatchObject({ changed: false, version: '1.1.0.0' })
  })

  test.each<[Parameters<typeof imported>[2], Answers]>([
    [{ mode: 'check' }, [there('1.0.0.0')]],
    [{ mode: 'check', wishes: { mode: 'upgrade' } }, [there('1.0.0.0')]],
    [{ mode: 'check', wishes: { skipLowerVersion: true } }, [there('1.1.0.0')]],
    [{ mode: 'check', variableLines: ['c_Mail=new'] }, [there('2.0.0.0')]],
  ])('check leaves nothing behind: %j', async (change, answers) => {
    const { writes, asked } = await imported({}, answers, change, () => {}, { GITHUB_RUN_ATTEMPT: '2' })
    const changing = writes().filter((name) => !/StageSolution|stagesolutionuploads/.test(name))
    expect(changing).toEqual([])
    const count = (path: RegExp): number =>
      asked.filter((one) => path.test(`${one.method} ${one.path}`)).length
    expect(count(/^DELETE stagesolutionuploads/)).toBe(count(/^POST StageSolution/))
  })

  test('an id that the environment does not know is refused instead of waited for', async () => {
    const { writes, failure } = await imported({}, [[/^GET asyncoperations\(/, () => ({ status: 404 })]], {
      asyncOperationId: OPERATION,
    })
    expect(failure).toMatch(/'async-operation-id' is '.*', but https:.* has no operation of that id/)
    expect(writes()).toEqual([])
  })

  test('an id of something else than an import is refused', async () => {
    const published = { statecode: 2, statuscode: 20, messagename: 'PublishAllXml' }
    const { failure } = await imported({}, [[/^GET asyncoperations\(/, () => ({ json: published })]], {
      asyncOperationId: OPERATION,
    })
    expect(failure).toMatch(/that operation is no import \(PublishAllXml\)/)
  })

  test.each<[string, Parameters<typeof imported>[2]]>([
    ['an import', {}],
    ['promote', { mode: 'promote', solutionName: 'core', solutionFiles: [] }],
  ])('%s does not wait where nothing may be waited', async (_, change) => {
    const answers: Answers = [[/^GET asyncoperations\?/, () => ({ json: { value: [ourImport(20)] } })]]
    const { writes, failure } = await imported({}, answers, { ...change, maxQueueWaitMinutes: 0 })
    expect(failure).toMatch(/ImportSolutionAsync runs there since 2026-01-01.*Nothing was started/)
    expect(writes()).toEqual([])
  })

  test('what waits in the environment is told with since when, and how to end it', async () => {
    const answers: Answers = [
      [/^GET asyncoperations\?/, () => ({ json: { value: [ourImport(0)] } })],
      there('1.0.0.0'),
    ]
    const told =
      /ImportSolutionAsync waits there since 2026-01-01T00:00:00Z \(async operation .*\)\. .*cancel it: .*System jobs/
    const { failure } = await imported({}, answers, { maxQueueWaitMinutes: 0 })
    expect(failure).toMatch(told)
    const check = await imported({}, answers, { mode: 'check' })
    expect(check.lines.join('\n')).toMatch(told)
  })

  test('jobs that may not be read: not checked in a check, and the privilege is named where they must be', async () => {
    const answers: Answers = [[/^GET asyncoperations/, () => ({ status: 403 })], there('1.0.0.0')]
    const check = await imported({}, answers, { mode: 'check' })
    expect(check.failure).toBe('')
    expect(check.summary.join('\n')).toContain('what runs in the environment (its jobs may not be read)')
    const { failure, writes } = await imported({}, answers)
    expect(failure).toMatch(
      /HTTP 403\. To see jobs, the application user needs the privilege prvReadAsyncOperation/,
    )
    expect(writes()).not.toContain('POST ImportSolutionAsync')
  })

  test('what is staged is not applied without leave when data would go', async () => {
    const holding = installedRow('1.1.0.0', { uniquename: 'core_Upgrade', solutionid: 'holding' })
    const both: Answers = [
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.0.0.0'), holding] } })],
      [
        /^GET msdyn_solutioncomponentsummaries/,
        () => ({ json: { value: [{ msdyn_componenttype: 1, msdyn_objectid: 't', msdyn_name: 'c_old' }] } }),
      ],
    ]
    const stopped = await imported({}, both)
    expect(stopped.failure).toMatch(/Table c_old.* would be deleted with its data.*delete the staged upgrade/)
    expect(stopped.writes()).toEqual([])
    const done = await imported({}, both, { allowDataDeletion: true })
    expect(done.writes()).toEqual(['POST DeleteAndPromoteAsync'])
  })

  test('a re-run follows the import that its first attempt left running', async () => {
    const running = {
      asyncoperationid: OPERATION,
      messagename: 'ImportSolutionAsync',
      statecode: 2,
      statuscode: 20,
      _createdby_value: 'me',
    }
    const answers: Answers = [
      [/^GET asyncoperations\?/, () => ({ json: { value: [running] } })],
      [
        /^GET importjobs\?/,
        () => ({ json: { value: [{ importjobid: JOB, solutionname: 'core', completedon: null }] } }),
      ],
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.1.0.0')] } })],
    ]
    const { writes, result } = await imported({}, answers, {}, () => {}, { GITHUB_RUN_ATTEMPT: '2' })
    expect(writes()).toEqual([])
    expect(result).toMatchObject({
      decision: 'attach',
      'async-operation-id': OPERATION,
      'import-status': 'succeeded',
    })
  })

  test('a re-run whose import still waits its turn follows it as soon as it begins', async () => {
    let looks = 0
    const answers: Answers = [
      [/^GET asyncoperations\?/, () => ({ json: { value: [ourImport(++looks === 1 ? 0 : 20)] } })],
      [
        /^GET importjobs\?/,
        () => ({
          json: { value: looks === 1 ? [] : [{ importjobid: JOB, solutionname: 'core', completedon: null }] },
        }),
      ],
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.1.0.0')] } })],
    ]
    const { writes, result } = await imported({}, answers, {}, () => {}, { GITHUB_RUN_ATTEMPT: '2' })
    expect(writes()).toEqual([])
    expect(result).toMatchObject({ decision: 'attach', 'import-status': 'succeeded' })
  })

  test('a re-run that followed the import of another version decides again', async () => {
    let isOver = false
    const answers: Answers = [
      [/^GET asyncoperations\?/, () => ({ json: { value: isOver ? [] : [ourImport(20)] } })],
      [
        /^GET importjobs\?/,
        () => ({ json: { value: [{ importjobid: JOB, solutionname: 'core', completedon: null }] } }),
      ],
      [
        /^GET solutions/,
        () => {
          isOver = true
          return { json: { value: [installedRow('1.2.0.0')] } }
        },
      ],
    ]
    const { writes, result, failure } = await imported({}, answers, {}, () => {}, { GITHUB_RUN_ATTEMPT: '2' })
    expect(writes()).toEqual([])
    expect(failure).toMatch(/core 1\.1\.0\.0 was not imported .* has the higher 1\.2\.0\.0/)
    expect(result).toMatchObject({ decision: 'refuse', 'async-operation-id': '' })
  })

  test('async-operation-id of an import of something else is no success of this archive', async () => {
    const { writes, result, failure } = await imported({}, [], { asyncOperationId: OPERATION })
    expect(writes()).toEqual([])
    expect(failure).toMatch(/does not have core 1\.1\.0\.0 now, so it was the import of something else/)
    expect(result).not.toHaveProperty('version')
  })
})

function flow(id: string, name: string) {
  return { workflowid: id, name, category: 5, statecode: 0 }
}
function refuse(text: string) {
  return {
    status: 400,
    json: { error: { code: '0x80060467', message: text } },
  }
}

test('flows are switched on until nothing more can be, and those that stay off are named with the reason', async () => {
  const on = new Set<string>()
  const answers: Answers = [
    [
      /^GET workflows/,
      () => ({
        json: { value: [flow('parent', 'Parent'), flow('child', 'Child'), flow('lonely', 'Lonely')] },
      }),
    ],
    [
      /^PATCH workflows/,
      ({ path }) => {
        const id = /\((\w+)\)/.exec(path)?.[1] ?? ''
        if (id === 'lonely')
          return refuse('details "{\\"error\\":{\\"code\\":\\"ConnectionAuthorizationFailed\\"}}"')
        if (id === 'parent' && !on.has('child')) return refuse('ChildFlow is off')
        on.add(id)
        return { status: 204 }
      },
    ],
  ]
  const roots = ['parent', 'child', 'lonely']
    .map((id) => `<RootComponent type="29" id="{${id}}" behavior="0" />`)
    .join('')
  const { lines, result, failure } = await imported({ roots }, answers, { flows: 'on' })
  expect(failure).toBe('')
  expect([...on]).toEqual(['child', 'parent'])
  expect(result).toMatchObject({ 'flows-off': 1 })
  expect(lines.join('\n')).toMatch(/warning: The flow 'Lonely' is off: .*share the connection with it/)
})

test('classic processes and plug-in steps that are off are named', async () => {
  const answers: Answers = [
    [
      /^GET workflows/,
      () => ({ json: { value: [{ workflowid: 'w', name: 'Approve', category: 0, statecode: 0 }] } }),
    ],
    [
      /^GET sdkmessageprocessingsteps/,
      () => ({
        json: {
          value: [
            { sdkmessageprocessingstepid: 's', name: 'Number the order', statecode: 1 },
            { sdkmessageprocessingstepid: 't', name: 'Runs', statecode: 0 },
          ],
        },
      }),
    ],
  ]
  const roots =
    '<RootComponent type="29" id="{w}" /><RootComponent type="92" id="{s}" /><RootComponent type="92" id="{t}" />'
  const { lines, result } = await imported({ roots }, answers)
  expect(lines.join('\n')).toMatch(
    /warning: These processes and plug-in steps are off: Approve, Number the order\./,
  )
  expect(result).toMatchObject({ 'flows-off': 0 })
})

test('unmanaged layers are reported, and stop it when that is asked for', async () => {
  const answers: Answers = [
    there('1.0.0.0'),
    [
      /^GET msdyn_solutioncomponentsummaries/,
      () => ({
        json: {
          value: [
            {
              msdyn_componenttype: 60,
              msdyn_objectid: 'f',
              msdyn_name: 'Main',
              msdyn_hasactivecustomization: true,
            },
          ],
        },
      }),
    ],
  ]
  const change = { wishes: { mode: 'update' as const } }
  const warned = await imported({}, answers, change)
  expect(warned.lines.join('\n')).toMatch(/warning: Components of core were changed by hand in .* \(1\)/)
  expect(warned.result).toMatchObject({ 'unmanaged-layers': 1, 'import-status': 'succeeded' })
  const stopped = await imported({}, answers, { ...change, reportLayers: 'fail' })
  expect(stopped.writes()).toEqual([])
})

test('publish-changes publishes; an unmanaged import without it gets a notice', async () => {
  const published = await imported({ managed: false }, [], {
    environmentKind: 'developer',
    publishChanges: true,
  })
  expect(published.writes()).toContain('POST PublishAllXml')
  const draft = await imported({ managed: false }, [], { environmentKind: 'developer' })
  expect(draft.lines.join('\n')).toMatch(/notice: What was imported is a draft/)
})

test('a file that is no archive, a folder and a missing file are said before any request', async () => {
  const bad = await imported({}, [], { solutionFiles: ['bad.zip'] }, (root) =>
    writeFile(join(root, 'bad.zip'), 'PK nonsense'),
  )
  expect(bad.failure).toMatch(/'solution-file' .*bad\.zip is no solution archive/)
  const folder = await imported({}, [], { solutionFiles: ['.'] })
  expect(folder.failure).toMatch(/is a folder.*action-pack/)
  const missing = await imported({}, [], { solutionFiles: ['cor.zip'] })
  expect(missing.failure).toMatch(/cor\.zip does not exist\. There is: core\.zip/)
  expect([...bad.asked, ...folder.asked, ...missing.asked]).toEqual([])
})

testOnLinux('a pipe in place of a file is refused, not waited at for ever', async () => {
  const makePipe = async (root: string): Promise<void> => {
    execFileSync('mkfifo', [join(root, 'pipe')])
  }
  const archive = await imported({}, [], { solutionFiles: ['pipe'] }, makePipe)
  expect(archive.failure).toMatch(/'solution-file' .*pipe is a pipe, a socket or a device\. Give the archive/)
  const settings = await imported({}, [], { settingsFile: 'pipe' }, makePipe)
  expect(settings.failure).toContain(
    "'deployment-settings-file' pipe is a pipe, a socket or a device. Give the JSON file with the settings.",
  )
  expect([...archive.asked, ...settings.asked]).toEqual([])
})

describe('the files of the archive', () => {
  const workflow = '<Workflow WorkflowId="1"><JsonFileName>/Workflows/f.json</JsonFileName></Workflow>'
  const sections = `<Workflows>${workflow}</Workflows>`

  test.each(['auto', 'check'] as const)(
    'mode %s: one that is named and missing stops before the upload',
    async (mode) => {
      const { failure, writes } = await imported({ sections }, [there('1.0.0.0')], { mode })
      expect(failure).toMatch(/customizations\.xml, line 1: <Workflow> names Workflows\/f\.json/)
      expect(writes()).toEqual([])
    },
  )

  test('one that nobody names is a warning', async () => {
    const files = { 'Workflows/f.json': '{}', 'Workflows/old.json': '{}' }
    const { failure, lines } = await imported({ sections, files }, [there('1.0.0.0')], { mode: 'check' })
    expect(failure).toBe('')
    expect(lines.filter((line) => line.includes('no component of the archive names'))).toEqual([
      expect.stringContaining('Workflows/old.json'),
    ])
  })
})

test('a version that is none is said before any request', async () => {
  const { failure, asked } = await imported({ version: '1.0.0.99999999999' }, [])
  expect(failure).toMatch(/no solution archive: '1\.0\.0\.99999999999' is too high/)
  expect(asked).toEqual([])
})

test('an archive of the last release that is not there is said before any request', async () => {
  const { failure, asked } = await imported({}, [], { previousSolutionFiles: ['last.zip'] })
  expect(failure).toMatch(/'previous-solution-file' .*last\.zip does not exist\. There is: core\.zip/)
  expect(asked).toEqual([])
})

const publishing = { asyncoperationid: 'x', messagename: 'PublishAllXml', statecode: 2, statuscode: 20 }

test.each<[string, RegExp, object, RegExp]>([
  [
    'nothing was sent',
    /^POST StageSolution/,
    {},
    /canceled before an import was started; https:.* was not changed/,
  ],
  ['the import is over', /^POST PublishAllXml/, {}, /canceled after the import had succeeded in https:/],
  [
    'another operation is waited for',
    /^GET asyncoperations\?/,
    { value: [publishing] },
    /canceled before an import was started/,
  ],
])('a cancellation when %s says what is left', async (_, moment, json, words) => {
  let own: World | undefined
  const answers: Answers = [
    [
      moment,
      () => {
        own?.abort(new Error('canceled'))
        return { json }
      },
    ],
  ]
  const { failure } = await imported(
    {},
    answers,
    { publishChanges: true },
    (root, created) => void (own = created),
  )
  expect(failure).toMatch(words)
})
