import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './support/actions.ts'

/** No more than these, each with its reason in the table beside the count. */
const most = { 'requests: connect': 2, 'requests: skipped import': 5, 'requests: upgrade': 24 }

test('the built action asks for nothing without a reason, and no more often than it did', async () => {
  const work = mkdtempSync(join(tmpdir(), 'bench-requests-'))
  try {
    const script = `
      import { requestRows } from './scripts/bench/requests.mjs'
      console.log(JSON.stringify(await requestRows(${JSON.stringify(work)})))`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { cwd: root },
    )
    const rows: { what: string; count: number; notJustified: string[] }[] = JSON.parse(stdout)
    expect(rows.map(({ what }) => what)).toEqual(Object.keys(most))
    expect(rows.flatMap(({ notJustified }) => notJustified)).toEqual([])
    const tooMany = rows.filter(
      ({ what, count }) => count > (Object.entries(most).find(([name]) => name === what)?.[1] ?? 0),
    )
    expect(tooMany).toEqual([])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
})
