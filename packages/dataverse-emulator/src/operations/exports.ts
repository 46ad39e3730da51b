import { randomUUID } from 'node:crypto'
import { recordHistory } from '../jobs/history.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import { exportSolution } from '../solutions/export-solution.ts'
import { publishAll, publishNamed } from '../solutions/layers/publish.ts'
import { findSolution } from '../solutions/solution-row.ts'
import { queue } from './imports.ts'
import {
  guidOf,
  optional,
  required,
  textOf,
  type Arguments,
  type Operation,
  type Parameter,
} from './operation.ts'

const EXPORT: readonly Parameter[] = [
  required('SolutionName', 'Edm.String'),
  required('Managed', 'Edm.Boolean'),
  optional('TargetVersion', 'Edm.String'),
  ...[
    'ExportAutoNumberingSettings',
    'ExportCalendarSettings',
    'ExportCustomizationSettings',
    'ExportEmailTrackingSettings',
    'ExportGeneralSettings',
    'ExportMarketingSettings',
    'ExportOutlookSynchronizationSettings',
    'ExportRelationshipRoles',
    'ExportIsvConfig',
    'ExportSales',
    'ExportExternalApplications',
  ].map((name) => optional(name, 'Edm.Boolean')),
  optional('ExportComponentsParams', 'mscrm.ExportComponentsParams'),
]

async function exportNow(input: Arguments, call: Call): Promise<object> {
  const uniqueName = textOf(input, 'SolutionName')
  const bytes = await exportSolution(call.environment, uniqueName, input['Managed'] === true)
  const solution = findSolution(call.environment, uniqueName)
  recordHistory(call, { operation: 'Export', ...(solution === undefined ? {} : { solution }) })
  return { ExportSolutionFile: Buffer.from(bytes).toString('base64') }
}

export const EXPORT_OPERATIONS: readonly Operation[] = [
  {
    name: 'ExportSolution',
    kind: 'action',
    parameters: EXPORT,
    returns: 'ExportSolutionResponse',
    privilege: 'prvExportCustomization',
    exclusive: 'Export',
    handle: exportNow,
  },
  {
    name: 'ExportSolutionAsync',
    kind: 'action',
    parameters: EXPORT,
    returns: 'ExportSolutionAsyncResponse',
    privilege: 'prvExportCustomization',
    handle(input, call) {
      const exportJobId = randomUUID()
      const started = queue(
        'ExportSolutionAsync',
        { solution: textOf(input, 'SolutionName'), managed: input['Managed'] === true, exportJobId },
        call,
      )
      return { ...started, ExportJobId: exportJobId }
    },
  },
  {
    name: 'DownloadSolutionExportData',
    kind: 'action',
    parameters: [required('ExportJobId', 'Edm.Guid')],
    returns: 'DownloadSolutionExportDataResponse',
    privilege: 'prvExportCustomization',
    handle(input, { environment }) {
      const id = guidOf(input, 'ExportJobId') ?? ''
      const file = environment.store.files.get(`exportsolutionupload/${id}/solutionfile`)
      if (file === undefined) throw refuse('noSuchRow', 'exportsolutionupload', id)
      return { ExportSolutionFile: Buffer.from(file.content).toString('base64') }
    },
  },
  {
    name: 'PublishXml',
    kind: 'action',
    parameters: [required('ParameterXml', 'Edm.String')],
    privilege: 'prvPublishCustomization',
    exclusive: 'Publish',
    handle(input, call) {
      publishNamed(call, textOf(input, 'ParameterXml'))
      recordHistory(call, { operation: 'Publish' })
    },
  },
  {
    name: 'PublishAllXml',
    kind: 'action',
    parameters: [],
    privilege: 'prvPublishCustomization',
    exclusive: 'PublishAll',
    handle(_, call) {
      publishAll(call)
      recordHistory(call, { operation: 'PublishAll' })
    },
  },
  {
    name: 'PublishAllXmlAsync',
    kind: 'action',
    parameters: [],
    returns: 'PublishAllXmlAsyncResponse',
    privilege: 'prvPublishCustomization',
    handle: (_, call) => queue('PublishAllXmlAsync', { solution: '' }, call),
  },
]
