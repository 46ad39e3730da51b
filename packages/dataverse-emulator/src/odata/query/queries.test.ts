import { codeOf, pick, withEmulator } from '../../testing/with-emulator.ts'
import { contact, names } from '../../testing/protocol-kit.ts'

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
