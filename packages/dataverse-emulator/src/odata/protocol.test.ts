import { codeOf, pick, withEmulator, type Kit } from '../testing/with-emulator.ts'

const contact = async (kit: Kit, lastname: string, more: object = {}) => {
  const answer = await kit.ask('dev', 'POST', 'contacts', { body: { lastname, ...more } })
  return /\(([0-9a-f-]+)\)/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? ''
}
const names = async (kit: Kit, query: string) =>
  (await kit.rows('dev', `contacts?$select=lastname&${query}`)).map((row) => row['lastname'])

describe('tokens and versions', () => {
  test('401 has an empty body and says where to get a token', () =>
    withEmulator({}, async (kit) => {
      const { authority, tenantId, environments } = kit.emulator.ready
      for (const [token, reason] of [
        ['', 'Authorization header is missing.'],
        ['nonsense', 'The token signature is invalid.'],
        [await kit.token('prod'), 'The token audience is invalid.'],
      ] as const) {
        const answer = await kit.ask('dev', 'GET', 'WhoAmI', { token })
        expect([answer.status, answer.text, answer.headers.get('401_error_reason')]).toEqual([
          401,
          '',
          reason,
        ])
        expect(answer.headers.get('www-authenticate')).toBe(
          `Bearer authorization_uri=${authority}/${tenantId}/oauth2/authorize, resource_id=${String(environments['dev'])}/`,
        )
      }
    }))

  test('an expired token is refused', () =>
    withEmulator({ tokenLifetimeSeconds: 600 }, async (kit) => {
      const token = await kit.token('dev')
      kit.emulator.clock.advance(599_000)
      expect((await kit.ask('dev', 'GET', 'WhoAmI', { token })).status).toBe(200)
      kit.emulator.clock.advance(2000)
      expect((await kit.ask('dev', 'GET', 'WhoAmI', { token })).status).toBe(401)
    }))

  test('v9.0 to v9.2 are served side by side, later ones answer 501, none at all in words of its own', () =>
    withEmulator({}, async (kit) => {
      for (const version of ['v9.0', 'v9.1', 'v9.2']) {
        const answer = await kit.ask('dev', 'GET', 'WhoAmI', { version })
        expect(answer.body['@odata.context']).toBe(
          `${String(kit.emulator.ready.environments['dev'])}/api/data/${version}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
        )
      }
      const later = await kit.ask('dev', 'GET', 'WhoAmI', { version: 'v9.3' })
      expect([later.status, codeOf(later)]).toEqual([501, '0x8006088a'])
      expect((await kit.ask('dev', 'GET', 'x', { version: 'WhoAmI' })).body).toEqual({
        Message:
          'Requested API Version must be provided.  Please provide in the format /api/data/v<Major>.<Minor>/',
      })
    }))

  test('a role that lacks a privilege is named in the refusal', () =>
    withEmulator({ environments: { dev: { roles: ['Basic User'] } } }, async (kit) => {
      const answer = await kit.ask('dev', 'POST', 'PublishAllXml', { body: {} })
      expect([answer.status, codeOf(answer)]).toEqual([403, '0x80040220'])
      expect(pick(answer.body, 'error', 'message')).toContain('is missing prvPublishCustomization privilege')
      const me = await kit.done('dev', 'GET', 'WhoAmI')
      const held = await kit.done(
        'dev',
        'GET',
        `systemusers(${String(me['UserId'])})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`,
      )
      expect(JSON.stringify(held)).not.toContain('prvPublishCustomization')
      const roles = await kit.rows(
        'dev',
        `systemusers(${String(me['UserId'])})/systemuserroles_association?$select=name`,
      )
      expect(roles.map((row) => row['name'])).toEqual(['Basic User'])
    }))
})

describe('queries', () => {
  test('filters compare text without regard to case, know the operators and functions that clients use', () =>
    withEmulator({}, async (kit) => {
      await contact(kit, 'Alpha', { numberofchildren: 1, donotemail: true })
      await contact(kit, 'beta', { numberofchildren: 2 })
      await contact(kit, "O'Neil", { numberofchildren: 3, emailaddress1: 'o@x.example' })
      const cases: readonly (readonly [string, readonly string[]])[] = [
        ["lastname eq 'ALPHA'", ['Alpha']],
        ["lastname eq 'O''neil'", ["O'Neil"]],
        ["lastname ne 'alpha'", ['beta', "O'Neil"]],
        ["startswith(lastname,'b') or endswith(lastname,'PHA')", ['Alpha', 'beta']],
        ["contains(lastname,'ET') and numberofchildren lt 3", ['beta']],
        ['not (numberofchildren gt 1)', ['Alpha']],
        ['numberofchildren ge 2 and numberofchildren le 3', ['beta', "O'Neil"]],
        ["lastname in ('alpha','beta')", ['Alpha', 'beta']],
        ['emailaddress1 eq null', ['Alpha', 'beta']],
        ['emailaddress1 ne null', ["O'Neil"]],
        ['donotemail eq true', ['Alpha']],
        ['createdon gt 2020-01-01T00:00:00Z and createdon ge 2026-11-21', ['Alpha', 'beta', "O'Neil"]],
        [
          "Microsoft.Dynamics.CRM.In(PropertyName='numberofchildren',PropertyValues=['1','3'])",
          ['Alpha', "O'Neil"],
        ],
        [
          "Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=1)",
          ['Alpha', 'beta', "O'Neil"],
        ],
        ["owninguser/fullname eq '# emulator' and lastname gt 'b'", ['beta', "O'Neil"]],
        ["contains(lastname,'alp') eq true", ['Alpha']],
      ]
      for (const [filter, expected] of cases) {
        expect([filter, await names(kit, `$orderby=lastname&$filter=${encodeURIComponent(filter)}`)]).toEqual(
          [filter, expected],
        )
      }
    }))

  test('what cannot be understood is 400 0x80060888', () =>
    withEmulator({}, async (kit) => {
      for (const query of [
        '$filter=nobody eq 1',
        '$filter=lastname eq 1',
        "$filter=numberofchildren eq 'x'",
        "$filter=toupper(lastname) eq 'X'",
        '$filter=lastname eq',
        '$filter=(lastname eq null',
        "$filter=lastname eq 'open",
        '$filter=',
        '$select=nobody',
        '$orderby=nobody',
        '$orderby=lastname sideways',
        '$expand=nobody',
        '$top=many',
        '$skip=5',
        '$count=maybe',
        '$nobody=1',
        '$skiptoken=x',
        '$filter=lastname eq %ZZ',
      ]) {
        const answer = await kit.ask('dev', 'GET', `contacts?${query}`)
        expect([query, answer.status, codeOf(answer)]).toEqual([query, 400, '0x80060888'])
      }
    }))

  test('plus is a space, parentheses may be encoded, other parameters are left alone, aliases are filled in', () =>
    withEmulator({}, async (kit) => {
      const id = await contact(kit, 'Alpha Beta')
      expect(await names(kit, "$filter=lastname+eq+'alpha+beta'&api-version=9.1")).toEqual(['Alpha Beta'])
      expect((await kit.ask('dev', 'GET', `contacts%28${id}%29?$select=lastname`)).body['lastname']).toBe(
        'Alpha Beta',
      )
      expect(await names(kit, "$filter=lastname eq @name&@name='alpha beta'")).toEqual(['Alpha Beta'])
      expect((await kit.ask('dev', 'GET', `contacts(${id})/lastname`)).body['value']).toBe('Alpha Beta')
      expect((await kit.ask('dev', 'GET', `contacts(${id})/lastname/$value`)).text).toBe('Alpha Beta')
    }))

  test('pages follow each other by nextLink; $count counts; $top cuts', () =>
    withEmulator({}, async (kit) => {
      for (const index of [1, 2, 3, 4, 5]) await contact(kit, `Person ${index}`)
      let path: string | undefined = 'contacts?$select=lastname&$orderby=lastname&$count=true'
      const seen: unknown[] = []
      while (path !== undefined) {
        const page = await kit.ask('dev', 'GET', path, {
          headers: { prefer: 'odata.maxpagesize=2,odata.include-annotations="*"' },
        })
        expect([page.body['@odata.count'], page.body['@Microsoft.Dynamics.CRM.totalrecordcount']]).toEqual([
          5, 5,
        ])
        expect(page.headers.get('preference-applied')).toBe(
          'odata.maxpagesize=2,odata.include-annotations="*"',
        )
        seen.push(
          ...(Array.isArray(page.body['value']) ? page.body['value'] : []).map((row) =>
            pick(row, 'lastname'),
          ),
        )
        const next = page.body['@odata.nextLink']
        path = typeof next === 'string' ? next.replace(/^.*\/api\/data\/v9\.2\//, '') : undefined
      }
      expect(seen).toEqual(['Person 1', 'Person 2', 'Person 3', 'Person 4', 'Person 5'])
      expect((await kit.ask('dev', 'GET', 'contacts/$count')).text).toBe('5')
      expect(await names(kit, '$orderby=lastname desc&$top=2')).toEqual(['Person 5', 'Person 4'])
    }))

  test('annotations come on request alone; nulls are always there', () =>
    withEmulator({}, async (kit) => {
      const id = await contact(kit, 'Alpha', { gendercode: 2 })
      const plain = await kit.done('dev', 'GET', `contacts(${id})`)
      expect([
        plain['jobtitle'],
        Object.keys(plain).filter((name) => name.includes('FormattedValue')),
      ]).toEqual([null, []])
      const annotated = await kit.ask('dev', 'GET', `contacts(${id})`, {
        headers: { prefer: 'odata.include-annotations="*"' },
      })
      expect(annotated.body).toMatchObject({
        'gendercode@OData.Community.Display.V1.FormattedValue': 'Female',
        '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
        '_ownerid_value@OData.Community.Display.V1.FormattedValue': '# emulator',
        '_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'ownerid',
      })
    }))

  test('a related row and related rows are expanded, with options of their own', () =>
    withEmulator({}, async (kit) => {
      const account = await kit.ask('dev', 'POST', 'accounts', {
        body: {
          name: 'A',
          contact_customer_accounts: [{ lastname: 'one' }, { lastname: 'two' }],
          primarycontactid: { lastname: 'first' },
        },
      })
      const id = /\(([0-9a-f-]+)\)/.exec(account.headers.get('location') ?? '')?.[1] ?? ''
      const read = await kit.done(
        'dev',
        'GET',
        `accounts(${id})?$select=name&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname;$filter=lastname ne 'one';$expand=parentcustomerid_account($select=name))`,
      )
      expect(read).toMatchObject({
        primarycontactid: { lastname: 'first' },
        contact_customer_accounts: [{ lastname: 'two', parentcustomerid_account: { name: 'A' } }],
      })
      expect(
        (await kit.rows('dev', "accounts?$filter=contact_customer_accounts/any(c:c/lastname eq 'two')"))
          .length,
      ).toBe(1)
      expect(
        (await kit.rows('dev', "accounts?$filter=contact_customer_accounts/all(c:c/lastname eq 'two')"))
          .length,
      ).toBe(0)
    }))
})

describe('writes', () => {
  test('201 with the row on request, else 204 with its address', () =>
    withEmulator({}, async (kit) => {
      const made = await kit.ask('dev', 'POST', 'contacts', { body: { lastname: 'x' } })
      expect([made.status, made.text, made.headers.get('location')]).toEqual([
        204,
        '',
        made.headers.get('odata-entityid'),
      ])
      const shown = await kit.ask('dev', 'POST', 'contacts?$select=lastname', {
        body: { lastname: 'x' },
        headers: { prefer: 'return=representation' },
      })
      expect([shown.status, shown.body['lastname'], shown.headers.get('preference-applied')]).toEqual([
        201,
        'x',
        'return=representation',
      ])
    }))

  test('PATCH makes what is not there, unless If-Match forbids it', () =>
    withEmulator({}, async (kit) => {
      const path = 'contacts(12121212-0000-4000-8000-000000000001)'
      const patch = (headers: Record<string, string>) =>
        kit.ask('dev', 'PATCH', path, { body: { lastname: 'x' }, headers })
      expect(codeOf(await patch({ 'if-match': '*' }))).toBe('0x80040217')
      expect((await patch({})).status).toBe(204)
      const twice = await patch({ 'if-none-match': '*' })
      expect([twice.status, codeOf(twice)]).toEqual([412, '0x80040237'])
      const stale = await patch({ 'if-match': 'W/"1"' })
      expect([stale.status, codeOf(stale)]).toEqual([412, '0x80060882'])
      const etag = (await kit.ask('dev', 'GET', path)).headers.get('etag') ?? ''
      expect((await kit.ask('dev', 'GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    }))

  test('many rows are made, changed and removed at once, all or none', () =>
    withEmulator({}, async (kit) => {
      const many = (name: string, Targets: readonly object[]) =>
        kit.ask('dev', 'POST', `contacts/Microsoft.Dynamics.CRM.${name}`, { body: { Targets } })
      const type = { '@odata.type': 'Microsoft.Dynamics.CRM.contact' }
      const made = await many('CreateMultiple', [
        { ...type, lastname: 'a' },
        { ...type, lastname: 'b' },
      ])
      const [first, second]: readonly unknown[] = Array.isArray(made.body['Ids']) ? made.body['Ids'] : []
      expect(
        (
          await many('UpdateMultiple', [
            { ...type, contactid: first, lastname: 'A' },
            { ...type, contactid: second, gendercode: 9 },
          ])
        ).status,
      ).toBe(400)
      expect(await names(kit, '$orderby=lastname')).toEqual(['a', 'b'])
      expect((await many('UpdateMultiple', [{ ...type, contactid: first, lastname: 'A' }])).status).toBe(204)
      expect((await many('DeleteMultiple', [{ ...type, contactid: second }])).status).toBe(204)
      expect(await names(kit, '')).toEqual(['A'])
    }))

  test('values that do not fit are refused with the code for each', () =>
    withEmulator({}, async (kit) => {
      const code = async (path: string, body: unknown) => {
        const answer = await kit.ask('dev', 'POST', path, { body })
        return `${answer.status} ${String(codeOf(answer))}`
      }
      expect(await code('contacts', { nobody: 1 })).toBe('400 0x80048d19')
      expect(await code('contacts', { lastname: 1 })).toBe('400 0x80048d19')
      expect(await code('contacts', '{"lastname":')).toBe('400 0x80048d19')
      expect(await code('contacts', [])).toBe('400 0x80048d19')
      expect(await code('contacts', { gendercode: 9 })).toBe('400 0x8004431a')
      expect(await code('contacts', { lastname: 'x'.repeat(51) })).toBe('400 0x80044331')
      expect(await code('contacts', { contactid: '00000000-0000-0000-0000-000000000000' })).toBe(
        '400 0x80040203',
      )
      expect(await code('tasks', {})).toBe('400 0x80040203')
      expect(await code('tasks', { subject: null })).toBe('400 0x80040200')
      expect(
        await code('contacts', {
          'parentcustomerid@odata.bind': '/accounts(12121212-0000-4000-8000-000000000001)',
        }),
      ).toBe('400 0x80048d19')
      expect(
        await code('contacts', {
          'parentcustomerid_account@odata.bind': '/accounts(12121212-0000-4000-8000-000000000001)',
        }),
      ).toBe('404 0x80040217')
      expect(await code('solutioncomponents', {})).toBe('400 0x80060888')
      expect(await code('nobodies', {})).toBe('404 0x80060888')
      expect(
        await code('ImportSolutionAsync', {
          OverwriteUnmanagedCustomizations: 'yes',
          PublishWorkflows: true,
        }),
      ).toBe('400 0x80048d19')
      expect(await code('ExportSolution', { SolutionName: 'x', Managed: true, Nobody: 1 })).toBe(
        '400 0x80048d19',
      )
    }))

  test('the wrong verb is 405 with an empty code', () =>
    withEmulator({}, async (kit) => {
      const answers = [
        await kit.ask('dev', 'PUT', 'contacts', { body: {} }),
        await kit.ask('dev', 'POST', 'WhoAmI', { body: {} }),
        await kit.ask('dev', 'GET', 'PublishAllXml'),
      ]
      expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([
        [405, ''],
        [405, ''],
        [405, ''],
      ])
    }))

  test('links are set, listed and removed by $ref', () =>
    withEmulator({}, async (kit) => {
      const [role] = await kit.rows('dev', "roles?$filter=name eq 'Basic User'")
      const me = await kit.done('dev', 'GET', 'WhoAmI')
      const user = `systemusers(${String(me['UserId'])})`
      await kit.done('dev', 'POST', `${user}/systemuserroles_association/$ref`, {
        '@odata.id': `${String(kit.emulator.ready.environments['dev'])}/api/data/v9.2/roles(${String(role?.['roleid'])})`,
      })
      const count = async () =>
        (await kit.ask('dev', 'GET', `${user}/systemuserroles_association/$count`)).text
      expect(await count()).toBe('2')
      await kit.done('dev', 'DELETE', `${user}/systemuserroles_association(${String(role?.['roleid'])})/$ref`)
      expect(await count()).toBe('1')
    }))
})

const batch = async (kit: Kit, parts: readonly string[], headers: Record<string, string> = {}) => {
  const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
  return kit.ask('dev', 'POST', '$batch', {
    body,
    headers: { 'content-type': 'multipart/mixed; boundary="b"', ...headers },
  })
}

const request = (line: string, body = '') =>
  `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${line}\r\nContent-Type: application/json\r\n\r\n${body}`

const changeSet = (...parts: readonly string[]) =>
  `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map((part, index) => `--c\r\n${part.replace('Content-Transfer', `Content-ID: ${index + 1}\r\nContent-Transfer`)}\r\n`).join('')}--c--`

describe('batches', () => {
  test('addresses may be absolute, rooted or relative; Content-ID stands for a row that was just made', () =>
    withEmulator({}, async (kit) => {
      const origin = String(kit.emulator.ready.environments['dev'])
      const answer = await batch(kit, [
        changeSet(
          request('POST /api/data/v9.2/accounts HTTP/1.1', '{"name":"A"}'),
          request('POST contacts HTTP/1.1', '{"lastname":"B","parentcustomerid_account@odata.bind":"$1"}'),
          request('PATCH $1 HTTP/1.1', '{"telephone1":"1"}'),
        ),
        request(`GET ${origin}/api/data/v9.2/accounts?$select=name,telephone1 HTTP/1.1`),
      ])
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
      expect(answer.text.match(/HTTP\/1\.1 204/g)).toHaveLength(3)
      expect(answer.text).toContain('"telephone1":"1"')
      expect((await kit.rows('dev', "contacts?$filter=parentcustomerid_account/name eq 'a'")).length).toBe(1)
    }))

  test('a change set that fails leaves nothing; the batch ends there, or goes on when asked to', () =>
    withEmulator({}, async (kit) => {
      const parts = [
        changeSet(
          request('POST accounts HTTP/1.1', '{"name":"A"}'),
          request('POST accounts HTTP/1.1', '{"name":7}'),
        ),
        request('GET WhoAmI HTTP/1.1'),
      ]
      const stopped = await batch(kit, parts)
      expect([stopped.status, stopped.text.includes('0x80048d19'), stopped.text.includes('UserId')]).toEqual([
        400,
        true,
        false,
      ])
      const went = await batch(kit, parts, { prefer: 'odata.continue-on-error' })
      expect([went.status, went.text.includes('0x80048d19'), went.text.includes('UserId')]).toEqual([
        200,
        true,
        true,
      ])
      expect(await kit.rows('dev', 'accounts')).toEqual([])
    }))
})

describe('service protection', () => {
  test('limits that are switched on answer 429 with Retry-After', () =>
    withEmulator({ limits: { requests: 3, windowSeconds: 60 } }, async (kit) => {
      for (let index = 0; index < 3; index += 1)
        expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
      const refused = await kit.ask('dev', 'GET', 'WhoAmI')
      expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([
        429,
        '0x80072322',
        '60',
      ])
      kit.emulator.clock.advance(61_000)
      expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
    }))
})
