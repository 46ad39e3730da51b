import type { ImportReport } from './import-report.ts'
import { componentResults } from './result-xml.ts'
import { escapeXml } from '../../escape-xml.ts'

const HEAD =
  '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40"><DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"></DocumentProperties><ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><ActiveSheet>0</ActiveSheet><ProtectStructure>False</ProtectStructure><ProtectWindows>False</ProtectWindows></ExcelWorkbook><Styles/>'
const OPTIONS =
  '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><ProtectObjects>False</ProtectObjects><ProtectScenarios>False</ProtectScenarios></WorksheetOptions></Worksheet>'
const COLUMNS = [
  'Date/Time',
  'ItemType',
  'Id',
  'Name',
  'Localized Name',
  'Original Name',
  'Description',
  'Status',
  'ErrorCode',
  'ErrorText',
] as const
const CELL_NAMES = [
  'Time',
  'ItemType',
  'Id',
  'Name',
  'LocalizedName',
  'OriginalName',
  'Description',
  'Status',
  'ErrorCode',
  'ErrorText',
] as const
const BLANK_ROW = '<Row ss:AutoFitHeight="0"><Cell ss:StyleID="s176" /></Row>'

/** The result of an import as the Excel 2003 XML that `RetrieveFormattedImportJobResults` answers with. */
export function formattedResults(report: ImportReport): string {
  return `${HEAD}${solutionSheet(report)}${componentSheet(report)}</Workbook>`
}

function heading(label: string, value?: string): string {
  const second = value === undefined ? '' : '<Cell ss:StyleID="s137" />'
  return `<Row ss:AutoFitHeight="0"><Cell ss:StyleID="s175"><Data ss:Type="String">${label}</Data></Cell>${second}</Row>`
}

function line(parent: string, label: string, value: string): string {
  return `<Row ss:AutoFitHeight="0" parent="${parent}"><Cell ss:StyleID="s176"><Data ss:Type="String">${label}</Data></Cell><Cell ss:StyleID="s137"><Data ss:Type="String">${escapeXml(value)}</Data></Cell></Row>`
}

function usTime(ms: number): string {
  const iso = new Date(ms).toISOString()
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 23)} (UTC) Coordinated Universal Time`
}

function solutionSheet({ content, failure, progress, startedAt, stoppedAt }: ImportReport): string {
  const { publisher } = content
  const solution = [
    ['Name', content.uniqueName],
    ['Display Name', content.friendlyName],
    ['Description', content.description],
    ['Version', content.version],
    ['Package Type', content.managed ? 'Managed' : 'Unmanaged'],
  ] as const
  const owner = [
    ['Name', publisher.uniqueName],
    ['Display Name', publisher.friendlyName],
    ['Description', publisher.description],
    ['Email', publisher.email ?? ''],
    ['Website', publisher.website ?? ''],
    ['City', ''],
    ['Country/Region', ''],
    ['Street 1', ''],
    ['Street 2', ''],
    ['ZIP/Postal Code', ''],
    ['State/Province', ''],
    ['Phone', ''],
  ] as const
  const outcome = [
    ['Status', failure === undefined ? 'Processed' : 'Failure'],
    ['Message', failure?.message ?? ''],
    ['Progress [%]', progress.toFixed(2)],
    ['Duration [s]', ((stoppedAt - startedAt) / 1000).toFixed(1)],
    ['ActivityId [s]', ''],
    ['StartTime [s]', usTime(startedAt)],
    ['StopTime [s]', usTime(stoppedAt)],
  ] as const
  const rows = [
    heading('Solution', ''),
    ...solution.map(([label, value]) => line('Solution', label, value)),
    BLANK_ROW,
    heading('Publisher'),
    ...owner.map(([label, value]) => line('Publisher', label, value)),
    BLANK_ROW,
    ...outcome.map(([label, value]) => line('Solution', label, value)),
  ]
  return `<Worksheet ss:Name="Solution" ss:Id="Solution" ss:Res="Customization.Tab_Solution"><Table><Column ss:AutoFitWidth="0" ss:Width="129" /><Column ss:AutoFitWidth="0" ss:Width="141" />${rows.join('')}</Table>${OPTIONS}`
}

const STATUS = {
  success: 'Processed',
  warning: 'Warning',
  failure: 'Failure',
  unprocessed: 'Unprocessed',
} as const

function componentSheet(report: ImportReport): string {
  const head = COLUMNS.map(
    (name) => `<Cell ss:StyleID="s175"><Data ss:Type="String">${name}</Data></Cell>`,
  ).join('')
  const rows = componentResults(report).map(({ component, result }) => {
    const isFailed = result === 'failure'
    const cells = [
      new Date(report.stoppedAt).toISOString().slice(11, 22),
      component.typeName,
      component.objectId,
      component.schemaName,
      component.displayName,
      '',
      '',
      STATUS[result],
      isFailed ? (report.failure?.code ?? '') : '',
      isFailed ? (report.failure?.message ?? '') : '',
    ].map(
      (value, index) =>
        `<Cell ss:StyleID="s137" name="${CELL_NAMES[index]}"><Data ss:Type="String">${escapeXml(value)}</Data></Cell>`,
    )
    return `<Row ss:AutoFitHeight="0" type="${escapeXml(component.typeName)}">${cells.join('')}</Row>`
  })
  return `<Worksheet ss:Name="Components" ss:Id="Components" ss:Res="Customization.Tab_Components"><Table><Row ss:AutoFitHeight="0" ss:StyleID="s133">${head}</Row>${rows.join('')}</Table>${OPTIONS}`
}
