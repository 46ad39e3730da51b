import { client, failure, statusOf } from './testing/dynamics-web-api-kit.ts'
import { pick, withEmulator } from './testing/with-emulator.ts'

describe('the npm client dynamics-web-api, on rows', () => {
  test('creates, reads, changes and deletes rows', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      const created = await api.create({
        collection: 'accounts',
        data: { name: 'Fabrikam', numberofemployees: 7 },
        returnRepresentation: true,
      })
      const id = String(pick(created, 'accountid'))
      expect(pick(created, 'name')).toBe('Fabrikam')
      await api.update({ collection: 'accounts', key: id, data: { telephone1: '123' } })
      await api.updateSingleProperty({
        collection: 'accounts',
        key: id,
        fieldValuePair: { websiteurl: 'https://fabrikam.example' },
      })
      const read = await api.retrieve({
        collection: 'accounts',
        key: id,
        select: ['name', 'telephone1', 'websiteurl'],
        includeAnnotations: '*',
      })
      expect(read).toMatchObject({
        name: 'Fabrikam',
        telephone1: '123',
        websiteurl: 'https://fabrikam.example',
      })
      await api.deleteRecord({ collection: 'accounts', key: id, property: 'telephone1' })
      expect(
        pick(await api.retrieve({ collection: 'accounts', key: id, select: ['telephone1'] }), 'telephone1'),
      ).toBeNull()
      await api.deleteRecord({ collection: 'accounts', key: id })
      expect(statusOf(await failure(api.retrieve({ collection: 'accounts', key: id })))).toBe(404)
    }))

  test('reads pages, all pages and counts', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      for (let index = 0; index < 7; index += 1)
        await api.create({ collection: 'contacts', data: { lastname: `Person ${index}` } })
      const first = await api.retrieveMultiple({
        collection: 'contacts',
        select: ['lastname'],
        orderBy: ['lastname desc'],
        maxPageSize: 3,
        count: true,
      })
      expect(first.value.map((row: unknown) => pick(row, 'lastname'))).toEqual([
        'Person 6',
        'Person 5',
        'Person 4',
      ])
      expect(first.oDataCount).toBe(7)
      const second = await api.retrieveMultiple(
        { collection: 'contacts', maxPageSize: 3 },
        first.oDataNextLink ?? '',
      )
      expect(second.value.map((row: unknown) => pick(row, 'lastname'))).toEqual([
        'Person 3',
        'Person 2',
        'Person 1',
      ])
      const all = await api.retrieveAll({ collection: 'contacts', select: ['lastname'], maxPageSize: 2 })
      expect(all.value).toHaveLength(7)
      expect(await api.count({ collection: 'contacts' })).toBe(7)
      expect(await api.count({ collection: 'contacts', filter: "lastname ge 'person 5'" })).toBe(2)
    }))

  test('filters, expands, and links rows', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      const contact = String(
        pick(
          await api.create({
            collection: 'contacts',
            data: { firstname: 'Ada', lastname: 'Byron' },
            returnRepresentation: true,
          }),
          'contactid',
        ),
      )
      const account = String(
        pick(
          await api.create({
            collection: 'accounts',
            data: { name: "O'Hara", 'primarycontactid@odata.bind': `/contacts(${contact})` },
            returnRepresentation: true,
          }),
          'accountid',
        ),
      )
      await api.associate({
        collection: 'accounts',
        primaryKey: account,
        relationshipName: 'contact_customer_accounts',
        relatedCollection: 'contacts',
        relatedKey: contact,
      })
      const found = await api.retrieveMultiple({
        collection: 'accounts',
        select: ['name'],
        filter: "name eq 'O''HARA' and primarycontactid/lastname eq 'byron'",
        expand: [
          { property: 'primarycontactid', select: ['fullname'] },
          { property: 'contact_customer_accounts', select: ['lastname'] },
        ],
      })
      expect(found.value).toHaveLength(1)
      expect(found.value[0]).toMatchObject({
        primarycontactid: { fullname: 'Ada Byron' },
        contact_customer_accounts: [{ lastname: 'Byron' }],
      })
      await api.disassociateSingleValued({
        collection: 'accounts',
        primaryKey: account,
        navigationProperty: 'primarycontactid',
      })
      expect(
        pick(await api.retrieve({ collection: 'accounts', key: account }), '_primarycontactid_value'),
      ).toBeNull()
      await api.associateSingleValued({
        collection: 'accounts',
        primaryKey: account,
        navigationProperty: 'primarycontactid',
        relatedCollection: 'contacts',
        relatedKey: contact,
      })
      expect(
        pick(await api.retrieve({ collection: 'accounts', key: account }), '_primarycontactid_value'),
      ).toBe(contact)
    }))

  test('upserts by key and by alternate key, and heeds ETags', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      const id = '11111111-2222-4333-8444-555555555555'
      expect(
        pick(
          await api.upsert({
            collection: 'accounts',
            key: id,
            data: { name: 'one' },
            returnRepresentation: true,
          }),
          'accountid',
        ),
      ).toBe(id)
      await api.upsert({ collection: 'accounts', key: id, data: { name: 'two' } })
      await api.upsert({ collection: 'accounts', key: "accountnumber='A-1'", data: { name: 'by number' } })
      await api.upsert({
        collection: 'accounts',
        key: "accountnumber='A-1'",
        data: { name: 'by number again' },
      })
      const all = await api.retrieveMultiple({
        collection: 'accounts',
        select: ['name', 'accountnumber'],
        orderBy: ['name'],
      })
      expect(all.value.map((row: unknown) => [pick(row, 'name'), pick(row, 'accountnumber')])).toEqual([
        ['by number again', 'A-1'],
        ['two', null],
      ])
      expect(
        await api.upsert({ collection: 'accounts', key: id, data: { name: 'three' }, ifnonematch: '*' }),
      ).toBeFalsy()
      const row = await api.retrieve({ collection: 'accounts', key: id })
      const etag = String(pick(row, '@odata.etag'))
      await api.update({ collection: 'accounts', key: id, data: { name: 'four' }, ifmatch: etag })
      expect(
        await api.update({ collection: 'accounts', key: id, data: { name: 'five' }, ifmatch: etag }),
      ).toBe(false)
      expect(await api.deleteRecord({ collection: 'accounts', key: id, ifmatch: etag })).toBe(false)
      const unchanged = await api.retrieve({
        collection: 'accounts',
        key: id,
        ifnonematch: String(pick(await api.retrieve({ collection: 'accounts', key: id }), '@odata.etag')),
      })
      expect(unchanged).toBeUndefined()
    }))

  test('sends batches; a change set happens whole or not at all', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      api.startBatch()
      void api.create({ collection: 'contacts', data: { lastname: 'Batch' }, contentId: '1' })
      void api.create({
        collection: 'accounts',
        data: { name: 'Of the batch', 'primarycontactid@odata.bind': '$1' },
      })
      const results = await api.executeBatch()
      expect(results).toHaveLength(2)
      const [account] = (
        await api.retrieveMultiple({ collection: 'accounts', expand: [{ property: 'primarycontactid' }] })
      ).value
      expect(pick(account, 'primarycontactid', 'lastname')).toBe('Batch')

      api.startBatch()
      void api.create({ collection: 'accounts', data: { name: 'Not to stay' } })
      void api.create({ collection: 'accounts', data: { name: 'Wrong', numberofemployees: 'many' } })
      await failure(api.executeBatch())
      expect(await api.count({ collection: 'accounts' })).toBe(1)

      api.startBatch()
      void api.retrieveMultiple({ collection: 'accounts', select: ['name'] })
      void api.retrieveMultiple({ collection: 'contacts', select: ['lastname'] })
      void api.callFunction({ functionName: 'WhoAmI' })
      const read = await api.executeBatch()
      expect(pick(read[1], 'value', '0') ?? pick(read[1], 'value')).toBeDefined()
      expect(typeof pick(read[2], 'UserId')).toBe('string')
    }))

  test('asks in FetchXML, a page at a time', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      for (let index = 0; index < 5; index += 1)
        await api.create({
          collection: 'contacts',
          data: { lastname: `Person ${index}`, numberofchildren: index },
        })
      const fetchXml =
        '<fetch count="2"><entity name="contact"><attribute name="lastname"/><order attribute="lastname"/><filter type="or"><condition attribute="lastname" operator="like" value="%son 4"/><condition attribute="numberofchildren" operator="lt" value="3"/></filter></entity></fetch>'
      const first = await api.fetch({ collection: 'contacts', fetchXml, pageNumber: 1 })
      expect(first.value.map((row: unknown) => pick(row, 'lastname'))).toEqual(['Person 0', 'Person 1'])
      const all = await api.fetchAll({ collection: 'contacts', fetchXml })
      expect(all.value.map((row: unknown) => pick(row, 'lastname'))).toEqual([
        'Person 0',
        'Person 1',
        'Person 2',
        'Person 4',
      ])
    }))
})
