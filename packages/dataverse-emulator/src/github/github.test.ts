import { pick, withEmulator, type Kit } from '../testing/with-emulator.ts'

function api(kit: Kit, token = 'ghs_emulated-token-of-a-job') {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${kit.emulator.ready.github}/repos/contoso/orders${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    return { status: response.status, headers: response.headers, body: answer }
  }
}

describe("GitHub's side", () => {
  test('files are committed to a branch, which becomes a pull request with comments and a check', () =>
    withEmulator({}, async (kit) => {
      const ask = api(kit)
      const main = String(pick((await ask('GET', '/git/ref/heads/main')).body, 'object', 'sha'))
      await ask('POST', '/git/refs', { ref: 'refs/heads/sync/orders', sha: main })
      expect((await ask('POST', '/git/refs', { ref: 'refs/heads/sync/orders', sha: main })).status).toBe(422)
      expect(
        pick(
          (await ask('POST', '/pulls', { title: 'Sync', head: 'sync/orders', base: 'main' })).body,
          'errors',
        ),
      ).toMatchObject([{ message: 'No commits between main and sync/orders' }])
      const blob = (
        await ask('POST', '/git/blobs', {
          content: Buffer.from('hello\n').toString('base64'),
          encoding: 'base64',
        })
      ).body
      expect(pick(blob, 'sha')).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
      const tree = (
        await ask('POST', '/git/trees', {
          base_tree: main,
          tree: [
            { path: 'a/b.txt', mode: '100644', type: 'blob', sha: pick(blob, 'sha') },
            { path: 'README.md', mode: '100644', type: 'blob', sha: null },
          ],
        })
      ).body
      const commit = (
        await ask('POST', '/git/commits', { message: 'Sync', tree: pick(tree, 'sha'), parents: [main] })
      ).body
      expect((await ask('PATCH', '/git/refs/heads/sync/orders', { sha: pick(commit, 'sha') })).status).toBe(
        200,
      )
      const pull = await ask('POST', '/pulls', {
        title: 'Sync',
        head: 'contoso:sync/orders',
        base: 'main',
        body: 'x',
      })
      const number = String(pick(pull.body, 'number'))
      expect([pull.status, pick(pull.body, 'head', 'sha')]).toEqual([201, pick(commit, 'sha')])
      expect(
        (await ask('POST', '/pulls', { title: 'Again', head: 'sync/orders', base: 'main' })).status,
      ).toBe(422)
      expect((await ask('GET', `/pulls/${number}/files`)).body).toMatchObject([
        { filename: 'README.md', status: 'removed' },
        { filename: 'a/b.txt', status: 'added' },
      ])
      expect((await ask('GET', '/pulls?head=contoso:sync/orders&base=main&state=open')).body).toMatchObject([
        { title: 'Sync' },
      ])
      expect(pick((await ask('PATCH', `/pulls/${number}`, { title: 'Better' })).body, 'title')).toBe('Better')
      const comment = await ask('POST', `/issues/${number}/comments`, { body: 'one' })
      await ask('PATCH', `/issues/comments/${String(pick(comment.body, 'id'))}`, { body: 'two' })
      expect((await ask('GET', `/issues/${number}/comments`)).body).toMatchObject([{ body: 'two' }])
      expect((await ask('POST', `/issues/${number}/labels`, { labels: ['solution'] })).body).toMatchObject([
        { name: 'solution' },
      ])
      await ask('POST', '/check-runs', {
        name: 'review',
        head_sha: pick(commit, 'sha'),
        status: 'completed',
        conclusion: 'success',
      })
      expect((await ask('GET', '/commits/sync%2Forders/check-runs')).body).toMatchObject({
        total_count: 1,
        check_runs: [{ name: 'review' }],
      })
      const read = (await ask('GET', '/contents/a/b.txt?ref=sync/orders')).body
      expect(Buffer.from(String(pick(read, 'content')), 'base64').toString()).toBe('hello\n')
      expect((await ask('GET', '/compare/main...sync%2Forders')).body).toMatchObject({
        status: 'ahead',
        ahead_by: 1,
      })
    }))

  test.each(['merge', 'squash'])(
    'a pull request is merged (%s), unless both sides changed a file',
    (method) =>
      withEmulator({}, async (kit) => {
        const ask = api(kit)
        const write = (path: string, text: string, branch: string) =>
          ask('PUT', `/contents/${path}`, { message: 'x', content: btoa(text), branch })
        const main = String(pick((await ask('GET', '/git/ref/heads/main')).body, 'object', 'sha'))
        for (const branch of ['one', 'two']) {
          await ask('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha: main })
          await write('a.txt', branch, branch)
          await ask('POST', '/pulls', { title: branch, head: branch, base: 'main' })
        }
        await write('b.txt', 'of main', 'main')
        const wrong = await ask('PUT', '/pulls/1/merge', { merge_method: method, sha: main })
        expect(wrong.status).toBe(409)
        const merged = await ask('PUT', '/pulls/1/merge', { merge_method: method })
        expect([merged.status, merged.body]).toMatchObject([200, { merged: true }])
        expect((await ask('GET', '/pulls/1')).body).toMatchObject({ state: 'closed', merged: true })
        const { body } = await ask('GET', '/git/trees/main')
        expect(pick(body, 'tree')).toMatchObject([
          { path: 'README.md' },
          { path: 'a.txt' },
          { path: 'b.txt' },
        ])
        expect((await ask('GET', '/commits/main')).body).toMatchObject({
          parents: method === 'squash' ? [{}] : [{}, {}],
        })
        expect((await ask('PUT', '/pulls/2/merge', { merge_method: method })).status).toBe(405)
      }),
  )

  test('files are written and removed one by one', () =>
    withEmulator({}, async (kit) => {
      const ask = api(kit)
      expect((await ask('PUT', '/contents/x.txt', { message: 'x', content: 'eA==' })).status).toBe(201)
      expect(
        (await ask('GET', '/contents/x.txt', undefined, { accept: 'application/vnd.github.raw+json' })).body,
      ).toBe('x')
      expect((await ask('DELETE', '/contents/x.txt', { message: 'y' })).status).toBe(200)
      expect((await ask('GET', '/contents/x.txt')).status).toBe(404)
    }))

  test('releases have assets', () =>
    withEmulator({}, async (kit) => {
      const ask = api(kit)
      const release = (await ask('POST', '/releases', { tag_name: 'v1.0.0' })).body
      const uploads = String(pick(release, 'upload_url')).replace(/\{.*/, '')
      expect(new URL(uploads).host).not.toBe(new URL(kit.emulator.ready.github).host)
      const path = uploads.split('/repos/contoso/orders')[1] ?? ''
      expect((await ask('POST', `${path}?name=a.zip`, 'zipped')).status).toBe(404)
      const uploaded = await fetch(`${uploads}?name=a.zip`, {
        method: 'POST',
        headers: { authorization: 'Bearer ghs_emulated-token-of-a-job', 'content-type': 'application/zip' },
        body: 'zipped',
      })
      const asset: unknown = await uploaded.json()
      expect((await ask('GET', '/releases/latest')).body).toMatchObject({
        tag_name: 'v1.0.0',
        assets: [{ name: 'a.zip', size: 6 }],
      })
      expect(
        (
          await ask('GET', `/releases/assets/${String(pick(asset, 'id'))}`, undefined, {
            accept: 'application/octet-stream',
          })
        ).body,
      ).toBe('zipped')
      expect((await ask('GET', '/releases/tags/v2')).status).toBe(404)
    }))

  test('a token without the permission gets the 403 of GitHub, which names it', () =>
    withEmulator(
      { github: { tokens: { 'ghs_reader-token-of-a-job': { contents: 'read', pull_requests: 'read' } } } },
      async (kit) => {
        const ask = api(kit, 'ghs_reader-token-of-a-job')
        expect((await ask('GET', '/pulls')).status).toBe(200)
        const refused = await ask('POST', '/pulls', { title: 'x', head: 'a', base: 'main' })
        expect([refused.status, refused.body, refused.headers.get('x-accepted-github-permissions')]).toEqual([
          403,
          {
            message: 'Resource not accessible by integration',
            documentation_url: 'https://docs.github.com/rest',
            status: '403',
          },
          'pull_requests=write',
        ])
        expect((await ask('POST', '/check-runs', {})).status).toBe(403)
        expect((await fetch(`${kit.emulator.ready.github}/api/v3/repos/contoso/orders/pulls`)).status).toBe(
          401,
        )
      },
    ))

  test('long lists come in pages', () =>
    withEmulator({}, async (kit) => {
      const ask = api(kit)
      for (const tag of ['a', 'b', 'c']) await ask('POST', '/releases', { tag_name: tag })
      const first = await ask('GET', '/releases?per_page=2')
      expect([Array.isArray(first.body) && first.body.length, first.headers.get('link')]).toEqual([
        2,
        expect.stringContaining('page=2'),
      ])
      const second = await ask('GET', '/releases?per_page=2&page=2')
      expect([Array.isArray(second.body) && second.body.length, second.headers.get('link')]).toEqual([
        1,
        null,
      ])
    }))
})
