import { readBase64Property } from './answers/base64-answer.ts'
import { DataverseError, TransportError } from './errors.ts'
import { retryAfter, retryOf } from './retry.ts'
import { dataverseError, ORIGIN, scriptedClient } from '../testing/scripted-client.ts'
import type { Reply } from '../testing/scripted-client.ts'

/** What a hostile or broken server can send takes bounded time and memory. None of these may take seconds. */

const HTML: Readonly<Record<string, string>> = { 'content-type': 'text/html' }

describe('an error answer', () => {
  test.each([
    ['of nothing but <', '<'.repeat(300_000)],
    ['of scripts that never end', '<script>'.repeat(40_000)],
    ['of white space', ' '.repeat(300_000)],
  ])('%s is read in no time', async (_, text) => {
    const { client } = scriptedClient(() => ({ status: 400, text, headers: HTML }))
    const started = performance.now()
    await expect(client.get('solutions')).rejects.toThrow(DataverseError)
    // Quadratic reading took a minute.
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('is not read beyond a megabyte', async () => {
    let pieces = 0
    const { client } = scriptedClient(() => ({
      status: 400,
      async *pieces() {
        for (; pieces < 10_000; pieces++) yield Buffer.alloc(65_536, 'x')
      },
    }))
    await expect(client.get('solutions')).rejects.toThrow(/HTTP 400 x+/)
    expect(pieces).toBeLessThan(20)
  })

  test('keeps words that people can read', async () => {
    const { client } = scriptedClient(() => dataverseError(400, '0x80040216', '<'.repeat(300_000)))
    const failure = await client.get('solutions').catch(String)
    expect(String(failure).length).toBeLessThan(40_000)
  })
})

test('a success that never ends is not read to its end, nor asked for again', async () => {
  let pieces = 0
  const { client, asked } = scriptedClient(() => ({
    async *pieces() {
      for (; pieces < 10_000; pieces++) yield Buffer.alloc(1_048_576, ' ')
    },
  }))
  await expect(client.get('solutions')).rejects.toThrow(/larger than 64 MB/)
  expect(pieces).toBeLessThan(70)
  expect(asked).toHaveLength(1)
})

describe('a large answer without its property', () => {
  const chunks = async function* (text: string): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at += 1_000) yield Buffer.from(text.slice(at, at + 1_000))
  }

  test('is given up early', async () => {
    const started = performance.now()
    const answer = readBase64Property(chunks(`{"Other":"${'A'.repeat(20_000_000)}"}`), 'ExportSolutionFile')
    await expect(answer).rejects.toThrow("has no 'ExportSolutionFile'")
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('that is small says the same', async () => {
    const answer = readBase64Property(chunks('{"Other":"A"}'), 'ExportSolutionFile')
    await expect(answer).rejects.toThrow("has no 'ExportSolutionFile'")
  })

  test('one that breaks off before it is a broken answer', async () => {
    const answer = readBase64Property(chunks('{"Other":"A'), 'ExportSolutionFile')
    await expect(answer).rejects.toThrow(TransportError)
  })

  test('what follows the value is not read without end', async () => {
    let pieces = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"ExportSolutionFile":"UEs="')
      for (; pieces < 10_000; pieces++) yield Buffer.alloc(1_024, ' ')
    }
    const answer = await readBase64Property(endless(), 'ExportSolutionFile')
    expect(Buffer.from(answer).toString()).toBe('PK')
    expect(pieces).toBeLessThan(100)
  })

  test('white space around the colon does not matter', async () => {
    const answer = await readBase64Property(chunks('{"ExportSolutionFile" :\n "UEs="}'), 'ExportSolutionFile')
    expect(Buffer.from(answer).toString()).toBe('PK')
  })
})

describe('pages', () => {
  const page = (next: number | undefined): Reply => ({
    json: {
      value: [{ a: 1 }],
      ...(next !== undefined && {
        '@odata.nextLink': `${ORIGIN}/api/data/v9.2/solutions?$skiptoken=${next}`,
      }),
    },
  })

  test('that go in a circle are an error', async () => {
    let count = 0
    const { client, asked } = scriptedClient(() => page(count++ % 3))
    await expect(client.list('solutions')).rejects.toThrow(/leads back to one that was read before/)
    expect(asked.length).toBeLessThan(6)
  })

  test('that never end are an error', async () => {
    let count = 0
    const { client } = scriptedClient(() => page(count++))
    await expect(client.list('solutions')).rejects.toThrow(/more than 500 pages/)
  })

  test('of 200,000 rows are read', async () => {
    const { client } = scriptedClient(() => ({
      json: { value: Array.from({ length: 200_000 }, (_, index) => ({ index })) },
    }))
    await expect(client.list('solutions')).resolves.toHaveLength(200_000)
  })
})

describe('how long a service may ask to wait', () => {
  const attempt = { repeatable: true, retries: 2, leftMs: 60_000, random: () => 0.5 }

  test.each([
    ['less than the back-off', 100, 2_000],
    ['nothing', undefined, 2_000],
    ['more than the back-off', 5_000, 5_000],
    ['just until the deadline', 60_000, 60_000],
  ])('%s', (_, retryAfterMs, waitMs) => {
    expect(retryOf({ ...attempt, failure: { status: 429, retryAfterMs } })).toMatchObject({ waitMs })
  })

  test.each([
    ['a moment after the deadline', '61'],
    ['a day', '86400'],
    ['more than a timer can hold', '99999999999'],
    ['a date far away', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ])('%s is not waited for', (_, value) => {
    const headers = { get: (name: string) => (name === 'retry-after' ? value : null) }
    const retryAfterMs = retryAfter(headers, 0)
    expect(retryAfterMs).toBeGreaterThan(60_000)
    expect(retryOf({ ...attempt, failure: { status: 429, retryAfterMs } })).toBeUndefined()
  })

  test('a request has ten minutes for all its retries, unless its caller has a deadline', async () => {
    const reply = { ...dataverseError(429, '', 'Not now'), headers: { 'retry-after': '86400' } }
    const { client, waits, lines } = scriptedClient(() => reply)
    await expect(client.get('solutions')).rejects.toThrow(DataverseError)
    expect(waits).toEqual([])
    expect(lines.join('\n')).toContain(
      'GET solutions: the service asks to wait 24 h 0 min, which is longer than',
    )
  })
})
