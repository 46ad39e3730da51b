import { readImportJobData } from './import-job-data.ts'

const escaped =
  '&lt;MissingDependencies&gt;&lt;MissingDependency&gt;&lt;Required key=&quot;521&quot; type=&quot;59&quot; ' +
  'schemaName=&quot;Locations&quot; displayName=&quot;Account Locations&quot; parentSchemaName=&quot;account&quot; ' +
  'solution=&quot;CoreScripts (1.0.0.3)&quot; id=&quot;{1}&quot; /&gt;&lt;Dependent key=&quot;500&quot; type=&quot;60&quot; ' +
  'displayName=&quot;Information&quot; parentDisplayName=&quot;Building&quot; id=&quot;{2}&quot; /&gt;' +
  '&lt;/MissingDependency&gt;&lt;/MissingDependencies&gt;'

function result(outcome: string, code: string, text: string, parameter = ''): string {
  return (
    `<result result = "${outcome}" errorcode="${code}" errortext="${text}" datetime="00:47:09.76" datetimeticks="636964156297630395">` +
    `<parameters><parameter>x</parameter><parameter>${parameter}</parameter></parameters></result>`
  )
}

test('a missing dependency is read out of the escaped XML inside the text, once', () => {
  const record = readImportJobData(
    '<importexportxml succeeded="failure" processed="true"><solutionManifests><solutionManifest id="core" LocalizedName="Core">' +
      result(
        'failure',
        '0x8004801D',
        `Some dependencies are missing: ${escaped} , ProductUpdatesOnly : False`,
        escaped,
      ) +
      '</solutionManifest></solutionManifests></importexportxml>',
  )
  expect(record.missingDependencies).toEqual([
    {
      required: {
        type: '59',
        schemaName: 'Locations',
        displayName: 'Account Locations',
        parent: 'account',
        solution: 'CoreScripts (1.0.0.3)',
      },
      dependent: { type: '60', schemaName: '', displayName: 'Information', parent: 'Building', solution: '' },
    },
  ])
  expect(record.results).toEqual([
    {
      level: 'error',
      kind: 'solutionManifest',
      name: 'Core',
      code: '0x8004801d',
      text: 'Some dependencies are missing: (listed below) , ProductUpdatesOnly : False',
    },
  ])
})

test('each component that failed or warned is named; those that went well are only counted', () => {
  const record = readImportJobData(
    `<importexportxml><optionSets><optionSet id="c_good" LocalizedName="Good">${result('success', '0', '')}</optionSet>` +
      `<optionSet id="c_bad" LocalizedName="">${result('warning', '0x80048039', 'References a choice.')}</optionSet></optionSets>` +
      `<workflows><workflow id="{1}" LocalizedName="Notify">${result('failure', '0x80060467', 'Flow client error')}</workflow></workflows></importexportxml>`,
  )
  expect(record.processed).toBe(3)
  expect(record.results.map(({ level, kind, name, code }) => [level, kind, name, code])).toEqual([
    ['warning', 'optionSet', 'c_bad', '0x80048039'],
    ['error', 'workflow', 'Notify', '0x80060467'],
  ])
})

test('a failure without any failed component keeps the status of the whole', () => {
  const record = readImportJobData(
    '<importexportxml succeeded="failure" status="The import file is invalid."/>',
  )
  expect(record.results).toEqual([
    { level: 'error', kind: 'solution', name: '', code: '', text: 'The import file is invalid.' },
  ])
})

test('something else than XML is an error', () => {
  expect(() => readImportJobData('nothing')).toThrow()
})
