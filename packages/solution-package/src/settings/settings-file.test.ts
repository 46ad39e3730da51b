import { fileURLToPath } from 'node:url'
import { UserError } from '@dsa/user-error'
import { readFolder } from '../folder/index.ts'
import { jsonFault } from './json-fault.ts'
import { formatSettings, parseSettings, settingsFor } from './index.ts'

const sample = readFolder(fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url)))

function parse(text: string, encoding: 'utf8' | 'utf16le' | 'latin1' = 'utf8') {
  return parseSettings(Buffer.from(text, encoding), "'settings-file' test.json")
}

test('the settings of the sample name its variables and connection references, with blanks', () => {
  expect(JSON.parse(formatSettings(settingsFor(sample)))).toEqual({
    EnvironmentVariables: [
      { SchemaName: 'lin_DeliveryDays', Value: '' },
      { SchemaName: 'lin_OrderMailbox', Value: '' },
    ],
    ConnectionReferences: [
      {
        LogicalName: 'lin_sharedcommondataserviceforapps_3f7a1',
        ConnectionId: '',
        ConnectorId: '/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps',
      },
      {
        LogicalName: 'lin_sharedoffice365_8c2d4',
        ConnectionId: '',
        ConnectorId: '/providers/Microsoft.PowerApps/apis/shared_office365',
      },
    ],
  })
})

test('what a file has filled in stays, and what left the solution goes', () => {
  const present = parse(
    '{"environmentVariables":[{"schemaName":"LIN_OrderMailbox","value":"a@b.example"},{"SchemaName":"lin_Gone","Value":"1"}],"Other":1}',
  )
  expect(settingsFor(sample, present).environmentVariables).toEqual([
    { schemaName: 'lin_DeliveryDays', value: '' },
    { schemaName: 'lin_OrderMailbox', value: 'a@b.example' },
  ])
})

test('the file of pac is read: names in any case, numbers as text, members of other tools ignored', () => {
  const text = `{
    "environmentVariables": [
      { "schemaName": "c_Mail", "VALUE": "a@b" },
      { "SchemaName": "c_Empty", "Value": null },
      { "SchemaName": "c_Count", "Value": 5 },
      { "SchemaName": "c_On", "Value": true }
    ],
    "ConnectionReferences": [{ "LogicalName": " c_ref ", "ConnectionId": "conn-1", "ConnectorId": "/apis/x" }],
    "ActivateFlowConfiguration": [{ "any": "thing" }]
  }`
  expect(parse(text)).toEqual({
    environmentVariables: [
      { schemaName: 'c_Mail', value: 'a@b' },
      { schemaName: 'c_Empty', value: '' },
      { schemaName: 'c_Count', value: '5' },
      { schemaName: 'c_On', value: 'true' },
    ],
    connectionReferences: [{ logicalName: 'c_ref', connectionId: 'conn-1', connectorId: '/apis/x' }],
  })
})

test.each(['12345678901234567890', '1e21', '0.1234567890123456789'])(
  'the number %s, which would get other digits, is refused',
  (number) => {
    const text = `{"EnvironmentVariables":[{"SchemaName":"c_A","Value":${number}}]}`
    expect(() => parse(text)).toThrow(/EnvironmentVariables\[0\]\.Value is a number .* in quotes/)
    expect(parse(text.replace(number, '-123456789.012345')).environmentVariables).toEqual([
      { schemaName: 'c_A', value: '-123456789.012345' },
    ])
  },
)

test.each([
  [
    'a section',
    '{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"{\\"Value\\":1}"}],"EnvironmentVariables":[]}',
  ],
  [
    'a section in another case',
    '{"EnvironmentVariables":[],"ConnectionReferences":[],"environmentvariables":[]}',
  ],
  ['a value', '{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"1","value":"2"}]}'],
  [
    'an escaped name',
    String.raw`{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"1","\u0056alue":"2"}]}`,
  ],
])('%s that is there twice is refused: one of them would get lost', (_, text) => {
  expect(() => parse(text)).toThrow(/has '\w+' twice in one object/)
})

test('members of other tools and texts that look like members do not count', () => {
  const text = String.raw`{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"{\"Value\":1,\"Value\":2}"},{"SchemaName":"c_B","Value":""}],"a":{"b":1,"b":2}}`
  expect(parse(text).environmentVariables).toHaveLength(2)
})

test.each([
  ['a replacement character', 'Gr\u{fffd}\u{fffd}e'],
  ['an escaped one', String.raw`Gr\uFFFDe`],
  ['half of a pair', String.raw`Gr\uD83De`],
])('%s in a value or a name is refused: letters were lost', (_, text) => {
  const given = `{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"${text}"}]}`
  expect(() => parse(given)).toThrow(/EnvironmentVariables\[0\]\.Value has a character that is none/)
  expect(() => parse(given)).not.toThrow(/Gr/)
  expect(() => parse(`{"ConnectionReferences":[{"LogicalName":"${text}"}]}`)).toThrow(UserError)
  expect(parse(String.raw`{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"\uD83D\uDE00"}]}`)).toEqual({
    environmentVariables: [{ schemaName: 'c_A', value: '\u{1f600}' }],
    connectionReferences: [],
  })
})

describe('encoding', () => {
  const text = '{"EnvironmentVariables":[{"SchemaName":"c_A","Value":"Grüße €"}]}'
  const read = { environmentVariables: [{ schemaName: 'c_A', value: 'Grüße €' }], connectionReferences: [] }

  test('UTF-8 is read with and without its mark, UTF-16 with its mark in either order', () => {
    expect(parse(text)).toEqual(read)
    expect(parse(`\ufeff${text}`)).toEqual(read)
    expect(parse(`\ufeff${text}`, 'utf16le')).toEqual(read)
    const turned = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    expect(parseSettings(turned, 'x')).toEqual(read)
  })

  test.each([
    ['Windows-1252', Buffer.from('{"a":"Grüße"}', 'latin1')],
    ['UTF-16 without a byte order mark', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])],
    ['not UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x7b, 0x00])],
  ])('%s is refused by name', (name, bytes) => {
    expect(() => parseSettings(bytes, "'settings-file' x.json")).toThrow(UserError)
    expect(() => parseSettings(bytes, "'settings-file' x.json")).toThrow(name)
  })
})

test.each([
  [
    '{"EnvironmentVariables": [\n  {"SchemaName": "a", "Value": hush-hush}]}',
    'is not valid JSON at line 2, column 32',
  ],
  ['{"EnvironmentVariables": [\n', 'is not valid JSON at line 1, column 27'],
  ['{"EnvironmentVariables": ["hush\nhush"]}', 'is not valid JSON at line 1, column 27'],
  ['', 'is not valid JSON at line 1, column 1'],
  ['[]', 'The file must be an object'],
  ['{"EnvironmentVariables": {}}', 'EnvironmentVariables must be a list'],
  ['{"EnvironmentVariables": [{"Value": "hush-hush"}]}', 'EnvironmentVariables[0] has no SchemaName.'],
  [
    '{"EnvironmentVariables": [{"Schema_Name": "a"}]}',
    "EnvironmentVariables[0] has no SchemaName. It has 'Schema_Name'; did you mean 'SchemaName'?",
  ],
  [
    '{"EnvironmentVariables": [{"SchemaName": "a", "Values": "hush"}]}',
    "EnvironmentVariables[0] has 'Values' and no Value. Did you mean 'Value'?",
  ],
  ['{"EnvironmentVariables": [{"SchemaName": "a", "Value": {"k": "hush-hush"}}]}', '[0].Value must be text'],
  ['{"ConnectionReferences": [{"LogicalName": "a"}, {"LogicalName": "A"}]}', "'A' is there twice"],
  ['{"EnvironmentVariable": []}', "has 'EnvironmentVariable'. It is spelt 'EnvironmentVariables'."],
  [
    '{"EnvironmentVariables": [], "Connection References": []}',
    "has 'Connection References'. It is spelt 'ConnectionReferences'.",
  ],
  ['{"EnviromentVaraibles": []}', "It is spelt 'EnvironmentVariables'."],
  ['{}', "is empty, and neither 'EnvironmentVariables' nor 'ConnectionReferences'"],
  ['{"Variables": []}', "has 'Variables', and neither"],
])('%j is refused without a value in the message', (text, words) => {
  expect(() => parse(text)).toThrow(UserError)
  expect(() => parse(text)).toThrow(words)
  expect(() => parse(text)).not.toThrow(/hush/)
})

test('the place of a fault is where the text stops being JSON', () => {
  const whole = JSON.stringify({ a: [1, -2.5e3, true, null, {}], b: { c: 'x"\\\n' }, d: [] })
  for (let end = 0; end < whole.length; end += 1) {
    expect(jsonFault(whole.slice(0, end)).column).toBeLessThanOrEqual(end + 1)
    const broken = `${whole.slice(0, end)}\u0001${whole.slice(end)}`
    expect(jsonFault(broken).column).toBeLessThanOrEqual(end + 1)
  }
  const columns = [
    '[1,]',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '[1 2]',
    '[1}',
    '{"a":}',
    '1 2',
    '[01]',
    "['a']",
  ].map((text) => jsonFault(text).column)
  expect(columns).toEqual([4, 8, 6, 2, 4, 3, 6, 3, 3, 2])
})
