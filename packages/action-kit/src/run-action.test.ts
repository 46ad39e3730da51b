import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@dsa/user-error'
import { onRunner } from './testing/fake-runner.ts'
import { commandsIn } from '../../../tests/support/runner-commands.ts'
import { runAction } from './run-action.ts'

const metadata = {
  name: 'Test action',
  version: '1.2.3',
  inputs: { 'solution-file': {}, mode: { default: 'auto' } },
}

test('versions are printed first, outputs and the summary at the end', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ summary }) => {
      summary.heading('Done')
      return { text: 'two\nlines', count: 3, done: true, nothing: undefined }
    })
    expect(runner.lines()[0]).toMatch(/^Test action 1\.2\.3, Node v\d+/)
    expect(runner.outputs()).toEqual({ text: 'two\nlines', count: '3', done: 'true' })
    expect(runner.summary()).toContain('#### Done')
    expect(runner.exitCode()).toBe(0)
  })
})

test('an error is one message; outputs and the summary from before it are kept', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ setOutput, summary }) => {
      setOutput('job-id', 'abc')
      summary.text('so far')
      throw new UserError('It broke.\nSecond line', { cause: new Error('deep down') })
    })
    expect(runner.lines().slice(1)).toEqual(['::error::It broke.%0ASecond line'])
    expect(runner.outputs()).toEqual({ 'job-id': 'abc' })
    expect(runner.summary()).toBe('\n### ❌ Test action failed\n\nIt broke.<br>Second line\n\nso far\n\n')
    expect(runner.exitCode()).toBe(1)
  })
})

test('the outcome that the action gave stays the heading of a failed run', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ summary }) => {
      summary.outcome('done', 'Begun')
      summary.outcome('stopped', 'Not started', ['one', 'two'])
      throw new UserError('Why.')
    })
    expect(runner.summary()).toBe('\n### 🛑 Not started\n\none · two\n\nWhy.\n\n')
  })
})

test('a defect is told as one, with its place and where to report it, and its stack in the debug log', async () => {
  const thrower = async (): Promise<never> => {
    throw new TypeError('x is not a function')
  }
  await onRunner({ RUNNER_DEBUG: '1', GITHUB_ACTION_REPOSITORY: 'contoso/actions' }, async (runner) => {
    await runAction(metadata, thrower)
    expect(runner.lines()[1]).toMatch(
      /^::error::This is a fault of the action, please report it at https:\/\/github.com\/contoso\/actions\/issues: TypeError: x is not a function \(at thrower \(run-action\.test\.ts:\d+:\d+\)\)\./,
    )
    expect(runner.lines()[2]).toMatch(/^::debug::TypeError: x is not a function%0A {4}at /)
    expect(runner.summary()).toContain('This is a fault of the action')
  })
})

test('what the system refuses is no defect', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async () => ({ text: readFileSync('/no/such/file', 'utf8') }))
    expect(runner.lines()[1]).toBe(
      "::error::The system of the runner refused: ENOENT: no such file or directory, open '/no/such/file'.",
    )
  })
})

test('a summary that cannot be written hides no error', async () => {
  await onRunner({ GITHUB_STEP_SUMMARY: '/no/such/folder/summary' }, async (runner) => {
    await runAction(metadata, () => Promise.reject(new UserError('Why.')))
    expect(runner.lines()[1]).toBe('::error::Why.')
    expect(runner.lines()[2]).toMatch(/^::warning::The summary could not be written\. The system .* ENOENT/)
    expect(runner.exitCode()).toBe(1)
  })
})

test.each([
  ['text', 'text'],
  [new TypeError(), 'TypeError: '],
])('what is thrown may be anything: %p', async (thrown, message) => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, () => Promise.reject(thrown))
    expect(runner.lines()[1]).toContain(`please report it: ${message}`)
  })
})

test('stacks, that of the cause too, are for debug runs only', async () => {
  await onRunner({ RUNNER_DEBUG: '1' }, async (runner) => {
    await runAction(metadata, () => Promise.reject(new Error('It broke.', { cause: new Error('deep down') })))
    const stacks = runner.lines().filter((line) => line.startsWith('::debug::'))
    expect(stacks).toHaveLength(2)
    expect(stacks[1]).toMatch(/deep down%0A {4}at /)
  })
})

test('a blank input gets its default', async () => {
  await onRunner({ INPUT_MODE: '  ' }, async () => {
    let seen
    await runAction(metadata, async () => {
      seen = process.env['INPUT_MODE']
      return {}
    })
    expect(seen).toBe('auto')
  })
})

test('a misspelt input stops the run before anything is done', async () => {
  await onRunner({ 'INPUT_SOLUTION-FIEL': 'x' }, async (runner) => {
    let ran = false
    await runAction(metadata, async () => {
      ran = true
      return {}
    })
    expect(runner.lines().slice(1)).toEqual([
      "::error::Input 'solution-fiel' does not exist. Did you mean 'solution-file'?",
    ])
    expect(ran).toBe(false)
  })
})

test('an unknown input is warned of', async () => {
  await onRunner({ INPUT_TOKEN: 'x' }, async (runner) => {
    await runAction(metadata, async () => ({}))
    expect(runner.lines()).toContain("::warning::Input 'token' does not exist and is ignored.")
    expect(runner.exitCode()).toBe(0)
  })
})

test('no more annotations than GitHub shows, the failure among them', async () => {
  await onRunner({}, async (runner) => {
    const annotations = Array.from({ length: 12 }, (_, i) => ({
      level: 'error',
      message: `wrong ${i}`,
      file: 'a,b.xml',
      line: i + 1,
    }))
    await runAction(metadata, async ({ log }) => {
      for (let i = 0; i < 11; i += 1) log.warning(`careful ${i}`)
      throw Object.assign(new UserError('12 things are wrong.'), { annotations })
    })
    const errors = runner.lines().filter((line) => line.startsWith('::error'))
    expect(errors).toHaveLength(10)
    expect(errors[0]).toBe('::error file=a%2Cb.xml,line=1::wrong 0')
    expect(errors.at(-1)).toBe('::error::12 things are wrong.')
    expect(runner.lines().filter((line) => line.startsWith('::warning'))).toHaveLength(10)
    expect(runner.lines()).toContain('ERROR a,b.xml:12 wrong 11')
    expect(runner.lines()).toContain('WARNING careful 10')
    expect(runner.lines()).toContain('… and 1 more warning, in the log above.')
    expect(runner.lines()).toContain('… and 3 more errors, in the log above.')
  })
})

const lineEnds = ['\n', '\r', '\r\n', '\n\r', '\r\r']
/** White space that .NET trims, and characters that its comparison by culture does not see. */
const unseen = [
  '',
  ' ',
  '\t',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u202f',
  '\u3000',
  '\0',
  '\u00ad',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u202e',
].flatMap((one) => lineEnds.map((end) => `${end}${one}`))

test('text from outside cannot become a command', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ log, annotate }) => {
      log.info('a file named\n::add-mask::true\n  ::stop-commands::x\nand ##[error]this')
      for (const before of [...lineEnds, ...unseen]) log.info(`a${before}::stop-commands::x`)
      for (const before of unseen) log.warning(`${before}::stop-commands::x\r##[endgroup]`)
      annotate({ level: 'notice', message: 'one\n::error::two', file: 'x' })
      return {}
    })
    const commands = commandsIn(runner.lines().join('\n'))
    expect([...new Set(commands)]).toEqual(['warning', 'notice'])
    expect(runner.lines().slice(1, 5)).toEqual([
      'a file named',
      '| ::add-mask::true',
      '|   ::stop-commands::x',
      'and ## [error]this',
    ])
    expect(runner.lines()).toContain('::notice file=x::one%0A::error::two')
    expect(runner.lines().join('\n')).not.toMatch(/##\[/)
  })
})

test('groups close when their work fails', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, ({ log }) => log.group('Work', () => Promise.reject(new UserError('no'))))
    expect(runner.lines().slice(1)).toEqual(['::group::Work', '::endgroup::', '::error::no'])
  })
})

test('an output above 1 MB becomes the path of a file', async () => {
  await onRunner({}, async (runner) => {
    const large = 'ä'.repeat(500_000)
    await runAction(metadata, async () => ({ report: large }))
    const file = runner.outputs()['report'] ?? ''
    expect(file.startsWith(join(runner.folder, 'report-'))).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(large)
    expect(runner.lines().join('\n')).toContain('larger than GitHub allows')
  })
})

test('the summary stays below 1 MiB and ends with a whole row', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ summary }) => {
      summary.table(
        ['Path', 'Size'],
        Array.from({ length: 20_000 }, (_, i) => [{ code: `${'ü'.repeat(40)}${i}` }, i]),
      )
      return {}
    })
    const rows = runner.summary().trimEnd().split('\n')
    expect(Buffer.byteLength(runner.summary())).toBeLessThanOrEqual(1024 ** 2)
    expect(rows.at(-1)).toContain('The summary is cut here')
    expect(rows.at(-4)).toMatch(/^\| <code>ü+\d+<\/code> \| \d+ \|$/)
  })
})

test('what was folded is closed where the summary is cut', async () => {
  await onRunner({}, async (runner) => {
    await runAction(metadata, async ({ summary }) => {
      summary.outcome('done', 'All')
      summary.folded('<Ids>', (body) => body.list(Array.from({ length: 20_000 }, () => 'x'.repeat(60))))
      throw new UserError('Why.')
    })
    expect(runner.summary()).toContain('### ✅ All\n\nWhy.\n\n<details><summary>&lt;Ids&gt;</summary>\n\n- x')
    expect(runner.summary().trimEnd().split('\n').at(-1)).toBe('</details>')
    expect(Buffer.byteLength(runner.summary())).toBeLessThanOrEqual(1024 ** 2)
  })
})

test('outside of a workflow outputs are printed and there is no summary', async () => {
  await onRunner({ GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' }, async (runner) => {
    await runAction(metadata, async ({ summary }) => {
      summary.heading('Done')
      return { version: '1.0.0.0' }
    })
    expect(runner.lines()).toContain('Output version: 1.0.0.0')
    expect(runner.exitCode()).toBe(0)
  })
})
