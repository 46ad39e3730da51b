import { type SolutionSketch } from '../../testing/solution-archive.ts'
import { codeOf, pick, withEmulator, type Kit } from '../../testing/with-emulator.ts'
import { FLOW, file, succeeded } from '../../testing/solution-kit.ts'

describe('connection references, variables and flows', () => {
  const WITH_FLOW: SolutionSketch = {
    uniqueName: 'Flows',
    managed: true,
    flows: { [FLOW]: ['new_ref'] },
    connectionReferences: ['new_ref'],
    variables: { new_Url: 'https://default.example' },
  }
  const flow = async (kit: Kit) => kit.done('prod', 'GET', `workflows(${FLOW})`)

  test('a flow without a usable connection stays a draft and the import succeeds', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, WITH_FLOW, { options: { PublishWorkflows: true } })
      expect(await flow(kit)).toMatchObject({ statecode: 0, statuscode: 1, category: 5 })
      const answer = await kit.ask('prod', 'PATCH', `workflows(${FLOW})`, {
        body: { statecode: 1, statuscode: 2 },
        headers: { 'if-match': '*' },
      })
      expect(codeOf(answer)).toBe('0x80060467')
      expect(answer.text).toContain('ConnectionAuthorizationFailed')
      const [reference] = await kit.rows('prod', 'connectionreferences')
      await kit.done(
        'prod',
        'PATCH',
        `connectionreferences(${String(reference?.['connectionreferenceid'])})`,
        { connectionid: 'shared-x-1' },
      )
      await kit.done('prod', 'PATCH', `workflows(${FLOW})`, { statecode: 1, statuscode: 2 })
      expect(await flow(kit)).toMatchObject({ statecode: 1, statuscode: 2 })
    }))

  test('ComponentParameters bind references and set variables before flows are switched on', () =>
    withEmulator({}, async (kit) => {
      const ComponentParameters = [
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
          connectionreferencelogicalname: 'new_ref',
          connectionreferencedisplayname: '',
          description: '',
          connectorid: 'x',
          connectionid: 'shared-x-2',
        },
        {
          '@odata.type': '#Microsoft.Dynamics.CRM.environmentvariablevalue',
          schemaname: 'new_Url',
          value: 'https://prod.example',
        },
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
          connectionreferencelogicalname: 'new_nobody',
          connectionid: 'y',
        },
      ]
      await succeeded(kit, WITH_FLOW, { options: { PublishWorkflows: true, ComponentParameters } })
      expect(await flow(kit)).toMatchObject({ statecode: 1 })
      const [definition] = await kit.rows(
        'prod',
        "environmentvariabledefinitions?$filter=schemaname eq 'new_Url'&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)",
      )
      expect(pick(definition, 'environmentvariabledefinition_environmentvariablevalue')).toMatchObject([
        { value: 'https://prod.example' },
      ])
      expect(definition?.['defaultvalue']).toBe('https://default.example')
      await succeeded(kit, { ...WITH_FLOW, version: '1.1' }, { options: { PublishWorkflows: false } })
      expect(await flow(kit)).toMatchObject({ statecode: 1 })
      expect(pick((await kit.rows('prod', 'connectionreferences'))[0], 'connectionid')).toBe('shared-x-2')
    }))

  test('a current value in the package travels with it', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...WITH_FLOW, values: { new_Url: 'https://dev.example' } })
      expect(await kit.rows('prod', 'environmentvariablevalues?$select=value')).toMatchObject([
        { value: 'https://dev.example' },
      ])
      const staged = await kit.done('prod', 'POST', 'StageSolution', {
        CustomizationFile: await file({ ...WITH_FLOW, values: { new_Url: 'v' } }),
      })
      expect(JSON.stringify(staged)).toContain(
        '"ComponentTypeName":"EnvironmentVariableValue","IsPresentInOrg":"True","Attributes":{"Count":3,"Keys":["schemaname","environmentvariablevalueid","value"]',
      )
    }))

  test('a value is bound by the navigation property, not by the column', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, WITH_FLOW)
      const [definition] = await kit.rows('prod', 'environmentvariabledefinitions')
      const bind = `/environmentvariabledefinitions(${String(definition?.['environmentvariabledefinitionid'])})`
      expect(
        codeOf(
          await kit.ask('prod', 'POST', 'environmentvariablevalues', {
            body: { value: 'x', 'environmentvariabledefinitionid@odata.bind': bind },
          }),
        ),
      ).toBe('0x80048d19')
      const made = await kit.ask('prod', 'POST', 'environmentvariablevalues', {
        body: { schemaname: 'new_Url', value: 'x', 'EnvironmentVariableDefinitionId@odata.bind': bind },
      })
      expect(made.status).toBe(204)
      const twice = await kit.ask('prod', 'POST', 'environmentvariablevalues', {
        body: { schemaname: 'new_Url', value: 'y', 'EnvironmentVariableDefinitionId@odata.bind': bind },
      })
      expect(codeOf(twice)).toBe('0x80040237')
    }))
})
