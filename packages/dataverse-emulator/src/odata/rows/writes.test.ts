import { codeOf, withEmulator } from '../../testing/with-emulator.ts'
import { names } from '../../testing/protocol-kit.ts'

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
