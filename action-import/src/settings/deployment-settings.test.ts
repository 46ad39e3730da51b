import { parseSettings, SettingsError } from './deployment-settings.ts'

test('the file of pac is read; placeholders are skipped, unknown members ignored, names in any case', () => {
  const text = `\uFEFF{
    "environmentVariables": [
      { "schemaName": "c_Mail", "VALUE": "a@b" },
      { "SchemaName": "c_Empty", "Value": "" },
      { "SchemaName": "c_Count", "Value": 5 }
    ],
    "ConnectionReferences": [
      { "LogicalName": "c_ref", "ConnectionId": "conn-1", "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_x" },
      { "LogicalName": "c_open", "ConnectionId": "", "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_y" }
    ],
    "ActivateFlowConfiguration": [{ "any": "thing" }]
  }`
  expect(parseSettings(text, 'test.json')).toEqual({
    environmentVariables: [
      { schemaName: 'c_Mail', value: 'a@b' },
      { schemaName: 'c_Count', value: '5' },
    ],
    connectionReferences: [
      {
        logicalName: 'c_ref',
        connectionId: 'conn-1',
        connectorId: '/providers/Microsoft.PowerApps/apis/shared_x',
      },
    ],
  })
})

test('an empty object sets nothing', () => {
  expect(parseSettings('{}', 'x')).toEqual({ environmentVariables: [], connectionReferences: [] })
})

test.each([
  ['{"EnvironmentVariables": [\n  {"SchemaName": "a", "Value": hush-hush}]}', /is no JSON/],
  ['[]', /the file must be an object/],
  ['{"EnvironmentVariables": {}}', /EnvironmentVariables must be a list/],
  ['{"EnvironmentVariables": [{"Value": "hush-hush"}]}', /EnvironmentVariables\[0\] has no SchemaName/],
  [
    '{"EnvironmentVariables": [{"SchemaName": "a", "Value": {"k": "hush-hush"}}]}',
    /EnvironmentVariables\[0\]\.Value must be text/,
  ],
  ['{"ConnectionReferences": [{"LogicalName": "a"}, {"LogicalName": "A"}]}', /'A' is there twice/],
])('%s is refused without a value in the message', (text, words) => {
  expect(() => parseSettings(text, 'settings/test.json')).toThrow(SettingsError)
  expect(() => parseSettings(text, 'settings/test.json')).toThrow(words)
  expect(() => parseSettings(text, 'settings/test.json')).not.toThrow(/hush/)
})
