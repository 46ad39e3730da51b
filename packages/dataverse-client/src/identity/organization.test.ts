import { environmentKind, retrieveCurrentOrganization } from './organization.ts'
import { dataverseError, ORIGIN, scriptedClient } from '../testing/scripted-client.ts'
import { whoAmI } from './who-am-i.ts'

describe('kinds of environments', () => {
  test.each([
    ['Customer', 'production'],
    [0, 'production'],
    ['0', 'production'],
    ['Secondary', 'production'],
    ['Default', 'production'],
    [12, 'production'],
    ['Teams', 'production'],
    ['SomethingNew', 'production'],
    [undefined, 'production'],
    [99, 'production'],
    ['CustomerTest', 'sandbox'],
    [5, 'sandbox'],
    ['CustomerFreeTest', 'sandbox'],
    ['Developer', 'developer'],
    [13, 'developer'],
    ['Trial', 'trial'],
  ])('%s is %s', (type, kind) => {
    expect(environmentKind(type).kind).toBe(kind)
  })

  test('the answer is read', async () => {
    const { client, asked } = scriptedClient(() => ({
      json: {
        Detail: {
          OrganizationId: 'o',
          EnvironmentId: 'e',
          FriendlyName: 'Prod',
          OrganizationVersion: '9.2',
          OrganizationType: 'Customer',
        },
      },
    }))
    await expect(retrieveCurrentOrganization(client)).resolves.toMatchObject({
      environmentId: 'e',
      kind: 'production',
      organizationType: 'Customer',
    })
    expect(asked[0]?.url).toBe(`${ORIGIN}/api/data/v9.2/RetrieveCurrentOrganization(AccessType='Default')`)
  })
})

test('a failed WhoAmI is asked again the next time', async () => {
  let fail = true
  const { client } = scriptedClient(() =>
    fail
      ? dataverseError(403, '0x80072560', 'no')
      : { json: { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' } },
  )
  await expect(whoAmI(client)).rejects.toThrow(/0x80072560/)
  fail = false
  await expect(whoAmI(client)).resolves.toMatchObject({ userId: 'u' })
})
