import { fileURLToPath } from 'node:url'
import { readFolder } from '../folder/index.ts'
import { readSettings, settingsFor } from './index.ts'

const sample = readFolder(fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url)))

test('the settings of the sample name its variables and connection references, with blanks', () => {
  expect(settingsFor(sample)).toEqual({
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
  const present = readSettings(
    '\u{feff}{"environmentVariables":[{"schemaName":"lin_OrderMailbox","value":"a@b.example"},{"SchemaName":"lin_Gone","Value":"1"}],"Other":1}',
  )
  expect(settingsFor(sample, present).EnvironmentVariables).toEqual([
    { SchemaName: 'lin_DeliveryDays', Value: '' },
    { SchemaName: 'lin_OrderMailbox', Value: 'a@b.example' },
  ])
})
