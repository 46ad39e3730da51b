import { scriptedClient } from '../testing/scripted-client.ts'
import { missingPrivileges } from './user-privileges.ts'

describe('privileges that a user lacks', () => {
  const answering = (json: unknown) => scriptedClient(() => ({ json }))

  test('are asked for by name, all in one request, and compared without regard to case', async () => {
    const { client, asked } = answering({ RolePrivileges: [{ PrivilegeName: 'PRVReadSolution' }] })
    const names = ['prvReadSolution', 'prvWriteSolution']
    expect(await missingPrivileges(client, 'me', names)).toEqual(['prvWriteSolution'])
    expect(asked.map(({ path }) => path)).toEqual([
      'systemusers(me)/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=["prvReadSolution","prvWriteSolution"]',
    ])
  })

  test('none are held when the list is empty', async () => {
    const { client } = answering({ RolePrivileges: [] })
    expect(await missingPrivileges(client, 'me', ['prvReadSolution'])).toEqual(['prvReadSolution'])
  })

  test.each([[{}], [{ RolePrivileges: [{ PrivilegeId: 'x', Depth: 'Global' }] }]])(
    'nothing is said where the answer does not name them: %j',
    async (json) => {
      const { client } = answering(json)
      await expect(missingPrivileges(client, 'me', ['prvReadSolution'])).rejects.toThrow('The answer')
    },
  )
})
