import { codeOf, pick, withEmulator } from '../testing/with-emulator.ts'

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

  test('a role of the configuration holds what it names, and the functions tell that', () =>
    withEmulator(
      {
        environments: { dev: { roles: ['Deployer'] } },
        securityRoles: { Deployer: ['prvRead*', 'prvImportCustomization'] },
      },
      async (kit) => {
        const me = await kit.done('dev', 'GET', 'WhoAmI')
        const names = [
          'prvImportCustomization',
          'prvReadSolution',
          'prvPublishCustomization',
          'prvNoSuchThing',
        ]
        const held = await kit.done(
          'dev',
          'GET',
          `systemusers(${String(me['UserId'])})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=${encodeURIComponent(JSON.stringify(names))}`,
        )
        expect(held['@odata.context']).toMatch(/RetrieveUserSetOfPrivilegesByNamesResponse$/)
        expect(held['RolePrivileges']).toEqual(
          ['prvImportCustomization', 'prvReadSolution'].map((name) =>
            expect.objectContaining({ PrivilegeName: name, Depth: 'Global' }),
          ),
        )
        const roles = await kit.rows('dev', 'roles?$select=name,ismanaged&$filter=ismanaged eq false')
        expect(roles.map((row) => row['name'])).toEqual(['Deployer'])
      },
    ))

  test('a role that nobody defined is refused with the names of those that are there', async () => {
    const start = withEmulator(
      { environments: { dev: { roles: ['Deployr'] } }, securityRoles: { Deployer: [] } },
      async () => {},
    )
    await expect(start).rejects.toThrow(
      /has no security role 'Deployr'\. Roles: Deployer, System Administrator/,
    )
  })
})
