import { UserError } from '@dsa/user-error'
import { retrieveAsyncOperation, waitForAsyncOperation } from './async-operations.ts'
import { StillRunningError } from '../pipeline/errors.ts'
import { dataverseError, reset, scriptedClient } from '../testing/scripted-client.ts'

function job(row: object) {
  return {
    json: { asyncoperationid: 'j', messagename: 'ImportSolutionAsync', ...row },
  }
}
describe('waiting', () => {
  const wait = { what: "Import of 'x'", maxWaitMinutes: 30 }

  test('ends with the words of the server when the job failed', async () => {
    const { client } = scriptedClient(() =>
      job({
        statecode: 3,
        statuscode: 31,
        errorcode: -2147188707,
        friendlymessage: 'Dependencies are missing.',
      }),
    )
    const failure = await waitForAsyncOperation(client, 'j', wait).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect(String(failure)).toContain('0x8004801d Dependencies are missing. (async operation j)')
  })

  test('a deadline is not a failure: the job goes on', async () => {
    const { client, waits } = scriptedClient(() => job({ statecode: 2, statuscode: 20 }))
    const failure = await waitForAsyncOperation(client, 'j', wait).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StillRunningError)
    expect(String(failure)).toMatch(/still running after 30 minutes \('max-async-wait-time'\)/)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(30 * 60_000)
  })

  test('looks become rarer, and never more often than asked', async () => {
    const { client, waits } = scriptedClient(() => job({ statecode: 2, statuscode: 20 }))
    await waitForAsyncOperation(client, 'j', wait).catch(() => undefined)
    expect(waits.slice(0, 4)).toEqual([500, 750, 1125, 1687.5])
    expect(waits.at(-2)).toBe(15_000)
  })

  test.each([
    ['429, in seconds', 429, '40', 40_000],
    ['429, longer than our own longest wait', 429, '600', 600_000],
    ['429, as a date', 429, new Date(Date.UTC(2026, 0, 1, 0, 2)).toUTCString(), 119_500],
    ['503, in seconds', 503, '30', 30_000],
    ['502, in seconds', 502, '25', 25_000],
  ])('never looks earlier than the server says: %s', async (_, status, hint, leastMs) => {
    const looks: number[] = []
    const { client, now } = scriptedClient(() => {
      looks.push(now())
      return looks.length === 1
        ? { ...dataverseError(status, '', 'Not now'), headers: { 'retry-after': hint } }
        : job({ statecode: 3, statuscode: 30 })
    })
    await waitForAsyncOperation(client, 'j', wait)
    expect(looks).toHaveLength(2)
    expect((looks[1] ?? 0) - (looks[0] ?? 0)).toBeGreaterThanOrEqual(leastMs)
  })

  test('a job that is not visible yet is waited for', async () => {
    let looks = 0
    const { client } = scriptedClient(() =>
      ++looks < 5
        ? dataverseError(404, '0x80040217', 'Does Not Exist')
        : job({ statecode: 3, statuscode: 30 }),
    )
    await expect(waitForAsyncOperation(client, 'j', wait)).resolves.toMatchObject({ state: 'succeeded' })
  })

  test('an hour without a network does not end it', async () => {
    let looks = 0
    const { client, now } = scriptedClient(() =>
      ++looks < 60 ? reset() : job({ statecode: 3, statuscode: 30 }),
    )
    await expect(waitForAsyncOperation(client, 'j', { ...wait, maxWaitMinutes: 120 })).resolves.toMatchObject(
      { state: 'succeeded' },
    )
    expect(now()).toBeGreaterThan(Date.UTC(2026, 0, 1, 0, 5))
  })

  test('a role that was taken away does end it, saying that the job may go on', async () => {
    const { client } = scriptedClient(() =>
      dataverseError(403, '0x80040220', 'is missing prvReadAsyncOperation'),
    )
    await expect(waitForAsyncOperation(client, 'j', wait)).rejects.toThrow(
      /prvReadAsyncOperation.*may still be running as async operation j/,
    )
  })

  test('canceled is its own end', async () => {
    const { client } = scriptedClient(() => job({ statecode: 3, statuscode: 32 }))
    await expect(waitForAsyncOperation(client, 'j', wait)).rejects.toThrow(/ended as canceled/)
    await expect(retrieveAsyncOperation(client, 'j')).resolves.toMatchObject({ status: 'canceled' })
  })
})
