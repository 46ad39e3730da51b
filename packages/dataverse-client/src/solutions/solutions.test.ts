import { dataverseError, scriptedClient } from '../testing/scripted-client.ts'
import type { Reply } from '../testing/scripted-client.ts'
import { findSolution, requireSolution } from './solutions.ts'
import { deleteStageUpload, stageSolution } from './stage-solution.ts'

const ARCHIVE = Buffer.from('PK archive bytes')

function rows(...names: string[]): Reply {
  return {
    json: {
      value: names.map((uniquename) => ({
        solutionid: `id-${uniquename}`,
        uniquename,
        friendlyname: `The ${uniquename}`,
        version: '1.0',
        ismanaged: true,
        publisherid: { uniquename: 'contoso' },
      })),
    },
  }
}

describe('solutions', () => {
  test('a name with a quote is asked for safely, and compared without regard to case', async () => {
    const { client, asked } = scriptedClient(() => rows("O'Brien"))
    await expect(findSolution(client, "o'brien")).resolves.toMatchObject({
      uniqueName: "O'Brien",
      publisherName: 'contoso',
    })
    expect(asked[0]?.path).toContain("uniquename eq 'o''brien'")
  })

  test('an absent one names those that are near', async () => {
    const { client } = scriptedClient(({ path }) =>
      path.includes('uniquename eq') ? rows() : rows('ContosoCore', 'ContosoSales', 'msdyn_Anchor'),
    )
    await expect(requireSolution(client, 'ContosoCor')).rejects.toThrow(
      /no solution 'ContosoCor' in https:\/\/contoso.*Similar ones that are there: 'ContosoCore'/,
    )
  })

  test('a display name leads to the unique name', async () => {
    const { client } = scriptedClient(({ path }) =>
      path.includes('uniquename eq') ? rows() : rows('ContosoCore', 'Other'),
    )
    await expect(requireSolution(client, 'the contosocore')).rejects.toThrow(/there: 'ContosoCore'\./)
  })
})

function stage(results: object): Reply {
  return { json: { StageSolutionResults: results } }
}

describe('staging', () => {
  test('a failure is HTTP 200 and gives findings, dependencies and no upload', async () => {
    const { client } = scriptedClient(() =>
      stage({
        StageSolutionUploadId: '00000000-0000-0000-0000-000000000000',
        StageSolutionStatus: 'Failed',
        SolutionValidationResults: [
          {
            SolutionValidationResultType: 'Error',
            Message: 'Bad.',
            ErrorCode: -2147188640,
            AdditionalInfo: null,
          },
        ],
        MissingDependencies: [
          {
            RequiredComponentSchemaName: 'account',
            RequiredComponentType: 'Entity',
            RequiredSolutionName: 'CoreScripts (1.0.0.3)',
            DependentComponentDisplayName: 'Form',
          },
        ],
        SolutionComponentsDetails: [],
        SolutionDetails: { HasPendingUpgrade: null },
      }),
    )
    await expect(stageSolution(client, ARCHIVE)).resolves.toMatchObject({
      passed: false,
      uploadId: undefined,
      findings: [{ level: 'error', code: '0x80048060', message: 'Bad.' }],
      missingDependencies: [
        {
          required: { schemaName: 'account', solution: 'CoreScripts (1.0.0.3)' },
          dependent: { displayName: 'Form' },
        },
      ],
    })
  })

  test('attributes of components are looked up by name', async () => {
    const { client } = scriptedClient(() =>
      stage({
        StageSolutionUploadId: 'u',
        StageSolutionStatus: 'Passed',
        SolutionComponentsDetails: [
          {
            ComponentName: 'V',
            ComponentTypeName: 'EnvironmentVariableDefinition',
            IsPresentInOrg: 'False',
            Attributes: { Count: 2, Keys: ['b', 'a'], Values: ['2', '1'] },
          },
        ],
      }),
    )
    const { components, uploadId } = await stageSolution(client, ARCHIVE)
    expect(uploadId).toBe('u')
    expect(components[0]?.attributes.get('a')).toBe('1')
    expect(components[0]?.isPresent).toBe(false)
  })

  test('an upload that cannot be removed is left to expire', async () => {
    const { client } = scriptedClient(() => dataverseError(403, '0x80040220', 'no'))
    await expect(deleteStageUpload(client, 'u')).resolves.toBe(false)
  })
})
