import { readBase64Property } from './answers/base64-answer.ts'
import type { HttpResponse } from './contracts.ts'
import { DataverseError, EnvironmentBusyError, LostAnswerError, TransportError } from './errors.ts'
import { dataverseError, ORIGIN, refused, reset, scriptedClient } from '../testing/scripted-client.ts'
import type { Reply } from '../testing/scripted-client.ts'

const LOCK = dataverseError(
  429,
  '0x80071151',
  'Cannot start another [Import] because there is a previous [Import] running at this moment.',
)

/** Answers in order; the last one stays. */
function inOrder(...replies: (Reply | Error)[]) {
  let index = 0
  return (): Reply | Error => replies[Math.min(index++, replies.length - 1)] ?? {}
}

describe('what is sent', () => {
  test('headers of a read: OData 4, no cache, the token, our name', async () => {
    const { client, asked } = scriptedClient(() => ({ json: {} }), { userAgent: 'test-agent' })
    await client.get('WhoAmI')
    expect(asked[0]?.url).toBe(`${ORIGIN}/api/data/v9.2/WhoAmI`)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'if-none-match': 'null',
      'odata-version': '4.0',
      'user-agent': 'test-agent',
    })
  })

  test('an update never creates a row', async () => {
    const { client, asked } = scriptedClient(() => ({ status: 204 }))
    await client.patch('solutions(1)', { version: '1.2' })
    expect(asked[0]).toMatchObject({ method: 'PATCH', body: '{"version":"1.2"}' })
    expect(asked[0]?.headers['if-match']).toBe('*')
  })

  test('bytes travel as base64, the same on a second attempt', async () => {
    const { client, asked } = scriptedClient(inOrder(reset(), { json: {} }))
    const bytes = Uint8Array.from({ length: 2_000_001 }, (_, index) => index % 251)
    await client.post('StageSolution', { A: 'x', CustomizationFile: bytes, B: 1 }, { repeatable: true })
    const sent = asked.map(({ body }): unknown => JSON.parse(body))
    expect(sent[0]).toEqual({ A: 'x', CustomizationFile: Buffer.from(bytes).toString('base64'), B: 1 })
    expect(sent[1]).toEqual(sent[0])
  })
})

describe('throttling', () => {
  test.each([
    [{ 'retry-after': '17' }, 17_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 1_000],
    [{ 'x-ms-retry-after-ms': '1500' }, 1_500],
    [{ 'retry-after-ms': '2500', 'retry-after': '9' }, 2_500],
    [{ 'retry-after-ms': '250' }, 1_000],
    [{ 'retry-after-ms': '', 'retry-after': '9' }, 9_000],
  ])('%j is obeyed, and never less than the back-off', async (headers, expected) => {
    const { client, waits } = scriptedClient(
      inOrder(
        { ...dataverseError(429, '0x80072322', 'Number of requests exceeded the limit.'), headers },
        { json: {} },
      ),
    )
    await client.post('ImportSolutionAsync', {})
    expect(waits).toEqual([expected])
  })

  test('without a hint it backs off, and gives up after five retries', async () => {
    const { client, waits, asked } = scriptedClient(() => dataverseError(429, '0x80072322', 'Too many.'))
    await expect(client.get('solutions')).rejects.toThrow(DataverseError)
    expect(asked).toHaveLength(6)
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
  })
})

describe('another solution operation runs', () => {
  test('a refused write waits for its turn far beyond the small budget of retries', async () => {
    const { client, asked, waits, lines } = scriptedClient(
      inOrder(...Array.from({ length: 20 }, () => LOCK), { json: 'ok' }),
    )
    await expect(client.post('ImportSolutionAsync', {})).resolves.toBe('ok')
    expect(asked).toHaveLength(21)
    expect(waits.slice(0, 3)).toEqual([15_000, 22_500, 33_750])
    expect(Math.max(...waits)).toBe(60_000)
    expect(lines.filter((line) => line.includes('previous [Import] running'))).toHaveLength(1)
  })

  test('waiting ends at its own deadline, which the message names', async () => {
    const { client } = scriptedClient(() => LOCK, { maxQueueWaitMs: 10 * 60_000 })
    const failure = await client.post('ImportSolutionAsync', {}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(EnvironmentBusyError)
    expect(String(failure)).toMatch(/10 minutes.*previous \[Import\].*'max-queue-wait-time'/)
  })

  test('the text counts only where there is no code', async () => {
    const { client, asked } = scriptedClient(() =>
      dataverseError(400, '0x80040216', 'Cannot start another [Import] …'),
    )
    await expect(client.post('ImportSolutionAsync', {})).rejects.toThrow(DataverseError)
    expect(asked).toHaveLength(1)
  })
})

describe('a write that must not be repeated', () => {
  test.each([
    ['a reset', reset()],
    ['HTTP 500', { status: 500 }],
    [
      'a gateway page',
      { status: 502, text: '<html><h1>Bad gateway</h1></html>', headers: { 'content-type': 'text/html' } },
    ],
    ['HTTP 503', { status: 503, headers: { 'retry-after': '1' } }],
    ['half an answer', { text: '{"AsyncOperationId":"0000' }],
  ])('is sent once; %s is a lost answer', async (_, reply) => {
    const { client, asked } = scriptedClient(() => reply)
    const failure = await client.post('ImportSolutionAsync', {}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LostAnswerError)
    expect(asked).toHaveLength(1)
  })

  test('is sent again when it certainly never left', async () => {
    const { client, asked } = scriptedClient(inOrder(refused(), refused(), { json: 1 }))
    await expect(client.post('ImportSolutionAsync', {})).resolves.toBe(1)
    expect(asked).toHaveLength(3)
  })

  test('is sent again after a 401, once, with a fresh token', async () => {
    const { client, tokens } = scriptedClient(inOrder({ status: 401 }, { json: 1 }))
    await expect(client.post('ImportSolutionAsync', {})).resolves.toBe(1)
    expect(tokens).toEqual([false, true])
  })

  test('an answer after the time limit is a lost answer as well', async () => {
    const timeout = new AbortController()
    const { client } = scriptedClient(
      () => {
        timeout.abort()
        return new Error('aborted')
      },
      { timeoutSignal: () => timeout.signal },
    )
    await expect(client.post('ImportSolutionAsync', {}, { timeoutMs: 5_000 })).rejects.toThrow(
      /no answer within 5 s/,
    )
  })
})

describe('a read', () => {
  test.each([
    ['a reset', reset()],
    ['HTTP 500', { status: 500 }],
    ['HTTP 502', { status: 502, text: '<html/>' }],
    ['HTTP 503', { status: 503 }],
    ['HTTP 504', { status: 504 }],
    ['half an answer', { text: '{"value":[' }],
  ])('is repeated after %s', async (_, reply) => {
    const { client, asked } = scriptedClient(inOrder(reply, reply, { json: 'there' }))
    await expect(client.get('solutions')).resolves.toBe('there')
    expect(asked).toHaveLength(3)
  })

  test.each([400, 403, 404, 405, 412, 413, 501, 505])('HTTP %i is final', async (status) => {
    const { client, asked } = scriptedClient(() => ({ status }))
    await expect(client.get('solutions')).rejects.toMatchObject({ status })
    expect(asked).toHaveLength(1)
  })

  test('a permanent 401 ends after one fresh token', async () => {
    const { client, tokens } = scriptedClient(() => ({
      status: 401,
      headers: { '401_error_reason': 'The token has expired' },
    }))
    await expect(client.get('solutions')).rejects.toThrow('The token has expired')
    expect(tokens).toEqual([false, true])
  })

  test('a certificate that is not trusted is not tried again', async () => {
    const { client, asked } = scriptedClient(
      () => new TransportError('x', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', neverSent: false }),
    )
    await expect(client.get('WhoAmI')).rejects.toThrow(TransportError)
    expect(asked).toHaveLength(1)
  })

  test('a host that does not exist is looked up three times', async () => {
    const { client, asked } = scriptedClient(
      () => new TransportError('x', { code: 'ENOTFOUND', neverSent: true }),
    )
    await expect(client.get('WhoAmI')).rejects.toThrow(TransportError)
    expect(asked).toHaveLength(3)
  })
})

describe('the content of a file column', () => {
  const asBytes = {
    text: 'PK',
    headers: { 'content-type': 'application/octet-stream', 'x-ms-file-size': '2' },
  }

  test.each<[string, Reply, string | undefined]>([
    ['bytes', asBytes, 'PK'],
    ['base64 in JSON', { json: { value: btoa('PK') } }, 'PK'],
    ['nothing, as the column is empty', { status: 204 }, undefined],
  ])('comes as %s', async (_name, reply, content) => {
    const { client, asked } = scriptedClient(() => reply)
    const bytes = await client.file('deploymentartifacts(1)/artifactfile/$value')
    expect(bytes && Buffer.from(bytes).toString()).toBe(content)
    expect(asked[0]?.url).toBe(`${ORIGIN}/api/data/v9.2/deploymentartifacts(1)/artifactfile/$value`)
  })

  test('is asked for again when a part of it is missing', async () => {
    const { client, asked } = scriptedClient(inOrder({ ...asBytes, text: 'P' }, asBytes))
    expect(Buffer.from((await client.file('x/$value')) ?? []).toString()).toBe('PK')
    expect(asked).toHaveLength(2)
  })

  test('is read to a limit', async () => {
    const piece = new Uint8Array(64 * 1_048_576)
    const { client } = scriptedClient(() => ({
      headers: asBytes.headers,
      async *pieces() {
        for (;;) yield piece
      },
    }))
    await expect(client.file('x/$value', { deadlineMs: 0 })).rejects.toThrow('larger than 512 MB')
  })
})

describe('error messages', () => {
  test('quote the code, the words and both request ids', async () => {
    const { client } = scriptedClient(() => ({
      ...dataverseError(400, '0x8004F01E', 'An invalid solution version was specified.'),
      headers: { 'x-ms-service-request-id': 'aaa,bbb' },
    }))
    const failure = await client.patch('solutions(1)', {}).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: '0x8004f01e', requestId: 'aaa,bbb', status: 400 })
    expect(String(failure)).toBe(
      'DataverseError: PATCH solutions(1): HTTP 400 0x8004f01e An invalid solution version was specified. (request id aaa,bbb)',
    )
  })

  test('a redirect is not followed: the token stays where it belongs', async () => {
    const { client, asked } = scriptedClient(() => ({
      status: 302,
      headers: { location: 'https://evil.example/?q=1' },
    }))
    await expect(client.get('WhoAmI')).rejects.toThrow(
      /redirects to 'https:\/\/evil.example\/', which is not followed/,
    )
    expect(asked).toHaveLength(1)
  })

  test('a page instead of JSON asks whether the address is right', async () => {
    const { client } = scriptedClient(() => ({
      text: '<html>Welcome</html>',
      headers: { 'content-type': 'text/html' },
    }))
    await expect(client.get('WhoAmI')).rejects.toThrow(/'Welcome'.*'environment-url'/)
  })

  test('a page instead of a download is asked for again, and is called what it is', async () => {
    const page = { text: '<html>Sign in to the proxy</html>', headers: { 'content-type': 'text/html' } }
    let asks = 0
    const { client } = scriptedClient(() => (++asks === 1 ? page : { json: { A: 'YQ==' } }))
    const options = {
      repeatable: true,
      read: (response: HttpResponse) => readBase64Property(response.chunks(), 'A'),
    }
    expect(Buffer.from(await client.download('Download', {}, options)).toString()).toBe('a')
    const other = scriptedClient(() => page)
    await expect(other.client.download('Download', {}, options)).rejects.toThrow(
      /POST Download: the answer is 'text\/html' instead of JSON \('Sign in to the proxy'\)\. .*proxy/,
    )
  })
})

describe('paging', () => {
  test('follows links of the own origin and gives all rows', async () => {
    const { client, asked } = scriptedClient(
      inOrder(
        {
          json: {
            value: [{ a: 1 }, { a: 2 }],
            '@odata.nextLink': `${ORIGIN}/api/data/v9.2/solutions?$skiptoken=x`,
          },
        },
        { json: { value: [{ a: 3 }] } },
      ),
    )
    await expect(client.list('solutions')).resolves.toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
    expect(asked.map(({ path }) => path)).toEqual(['solutions', 'solutions?$skiptoken=x'])
  })

  test('refuses a link to another place', async () => {
    const { client, asked } = scriptedClient(() => ({
      json: { value: [], '@odata.nextLink': 'https://evil.example/api/data/v9.2/solutions' },
    }))
    await expect(client.list('solutions')).rejects.toThrow(/evil.example.*not followed/)
    expect(asked).toHaveLength(1)
  })

  test('a page that links to itself ends', async () => {
    const self = `${ORIGIN}/api/data/v9.2/solutions?$skiptoken=x`
    const { client } = scriptedClient(() => ({ json: { value: [], '@odata.nextLink': self } }))
    await expect(client.list('solutions')).rejects.toThrow(/leads back to one that was read before/)
  })
})

test('an abort ends everything with its own reason', async () => {
  const stop = new AbortController()
  const { client, asked } = scriptedClient(
    () => {
      stop.abort(new Error('the workflow was canceled'))
      return reset()
    },
    { signal: stop.signal },
  )
  await expect(client.get('solutions')).rejects.toThrow('the workflow was canceled')
  await expect(client.get('solutions')).rejects.toThrow('the workflow was canceled')
  expect(asked).toHaveLength(1)
})
