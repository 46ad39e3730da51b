import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { compareSolutions } from '@dsa/solution-package/diff'
import { EditedSample } from '../testing/sample-edits.ts'
import { makeReport } from './diff-report.ts'
import { reportMarkdown } from './markdown.ts'

/**
 * What a reviewer reads of typical pull requests on the sample solution. `GOLDEN=write` before the command of the test
 * writes the comments anew; look at each change. `node scripts/picture.mjs` makes pictures of some of them.
 */

const ORDER = /^Entities\/lin_Order\/Entity\.xml$/
const MAIN_FORM = /^Entities\/lin_Order\/FormXml\/main\//
const FLOW = /^Workflows\/ConfirmOrder.*\.json$/

const PULL_REQUESTS: Readonly<Record<string, (sample: EditedSample) => EditedSample>> = {
  'renamed-column': (sample) =>
    sample
      .replace(/^(?:Entities|Workflows|Other)\//, /\blin_notes\b/g, 'lin_remarks')
      .replace(ORDER, /PhysicalName="lin_Notes"/, 'PhysicalName="lin_Remarks"')
      .replace(ORDER, /description="Notes"/, 'description="Remarks"')
      .replace(/^Other\/Solution/, '<Version>1.0.0.0', '<Version>1.1.0.0'),
  'deleted-table': (sample) =>
    sample
      .remove(/^Entities\/lin_OrderLine\/|^Other\/Relationships\/lin_Order\.xml$/)
      .replace(
        /^Other\/Relationships\//,
        /<EntityRelationship Name="\w*_lin_orderline\w*">[^]*?<\/EntityRelationship>/g,
        '',
      )
      .replace(/^Other\/Relationships\.xml$/, /\s*<EntityRelationship Name="\w*lin_orderline\w*" \/>/g, '')
      .replace(/^Other\/Solution/, /\s*<RootComponent type="1" schemaName="lin_orderline"[^>]*>/i, '')
      .replace(/^Roles\//, /\s*<RolePrivilege name="prv\w+lin_OrderLine"[^>]*>/g, '')
      .replace(MAIN_FORM, /<row>\s*<cell id="\{fcdd55b6[^]*?<\/row>/, ''),
  'changed-flow': (sample) =>
    sample
      .replace(
        FLOW,
        "@outputs('Get_the_customer')?['body/emailaddress1']",
        "@outputs('Get_the_contact')?['body/emailaddress1']",
      )
      .replace(FLOW, 'Your order @{', 'We confirm your order @{')
      .replace(
        FLOW,
        /("Send_the_confirmation": \{\s*"runAfter": \{\s*)"Get_the_customer"/,
        '$1"Get_the_contact"',
      )
      .replace(
        FLOW,
        /(\s*)"Send_the_confirmation"/,
        '$1"Get_the_contact": { "runAfter": { "Get_the_customer": ["Succeeded"] }, "type": "OpenApiConnection", "inputs": { "host": { "connectionName": "shared_commondataserviceforapps", "operationId": "GetItem", "apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps" }, "parameters": { "entityName": "contacts", "recordId": "@outputs(\'Get_the_customer\')?[\'body/_primarycontactid_value\']" } } },$1"Send_the_confirmation"',
      ),
  role: (sample) =>
    sample
      .replace(/^Roles\//, '"prvDeletelin_Order" level="Basic"', '"prvDeletelin_Order" level="Global"')
      .replace(/^Roles\//, '"prvSharelin_OrderLine" level="Basic"', '"prvSharelin_OrderLine" level="Local"')
      .replace(/^Roles\//, /\s*<RolePrivilege name="prvAssignlin_Order" [^>]*>/, ''),
  form: (sample) =>
    sample
      .replace(MAIN_FORM, /<row>\s*<cell id="\{9b3b816c[^]*?<\/row>/, '')
      .replace(MAIN_FORM, /(<cell id="\{2ab81619-[^>]*) rowspan="4"/, '$1 rowspan="8"')
      .replace(MAIN_FORM, 'datafieldname="lin_orderdate"', 'datafieldname="lin_orderdate" disabled="true"')
      .replace(
        MAIN_FORM,
        '</tabs>',
        '<tab id="{11111111-5d86-4f43-9d39-3f8d29e5aa01}" name="billing"><labels><label description="Billing" languagecode="1033" /></labels><columns><column width="100%"><sections><section name="amounts" id="{22222222-5d86-4f43-9d39-3f8d29e5aa02}"><labels><label description="Amounts" languagecode="1033" /></labels><rows><row><cell id="{33333333-5d86-4f43-9d39-3f8d29e5aa03}"><labels><label description="Total Amount" languagecode="1033" /></labels><control id="lin_totalamount" classid="{C3EFE0C3-0EC6-42BE-8349-CBD9079DFD8E}" datafieldname="lin_totalamount" /></cell></row></rows></section></sections></column></columns></tab></tabs>',
      )
      .replace(ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required'),
  'new-environment-variable': (sample) =>
    sample
      .add(
        'environmentvariabledefinitions/lin_WarehouseUrl/environmentvariabledefinition.xml',
        '<environmentvariabledefinition schemaname="lin_WarehouseUrl"><displayname default="Warehouse Address"><label description="Warehouse Address" languagecode="1033" /></displayname><introducedversion>1.1.0.0</introducedversion><iscustomizable>1</iscustomizable><isrequired>1</isrequired><secretstore>0</secretstore><type>100000000</type></environmentvariabledefinition>',
      )
      .replace(
        /^Other\/Customizations/,
        '</connectionreferences>',
        '<connectionreference connectionreferencelogicalname="lin_sharedsharepoint_5a1b2"><connectionreferencedisplayname>SharePoint</connectionreferencedisplayname><connectorid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</connectorid><iscustomizable>1</iscustomizable><promptingbehavior>0</promptingbehavior><statecode>0</statecode><statuscode>1</statuscode></connectionreference></connectionreferences>',
      ),
  'choice-lost-an-option': (sample) =>
    sample
      .replace(/^OptionSets\//, /\s*<option value="273100004"[^]*?<\/option>/, '')
      .replace(/^OptionSets\//, 'description="Submitted"', 'description="Sent in"'),
  'new-table': (sample) =>
    sample
      .copy(/^Entities\/lin_OrderLine\/(?:Entity|RibbonDiff)\.xml$/, shipment)
      .replace(
        /^Other\/Relationships\/lin_Order\.xml$/,
        /(<EntityRelationships[^>]*>)([^]*?)(<\/EntityRelationships>)/,
        '$1$2$2$3',
      )
      .replace(
        /^Other\/Relationships\/lin_Order\.xml$/,
        /lin_orderline(?=[^]*lin_orderline_OrderId_lin_order">)/gi,
        'lin_Shipment',
      ),
  script: (sample) =>
    sample
      .replace(/order_form\.js$/, 'status >= STATUS_CONFIRMED', 'status > STATUS_CONFIRMED')
      .replace(/order_form\.js$/, "    formContext.getControl('lin_customerid').setDisabled(locked)\n", '')
      .replace(/^customapis\/.*TrackingNumber/, /<isoptional>1/, '<isoptional>0'),
  release: (sample) => {
    for (const name of ['form', 'role', 'new-environment-variable', 'choice-lost-an-option', 'script'])
      PULL_REQUESTS[name]?.(sample)
    return sample
      .replace(ORDER, '<MaxValue>100000000</MaxValue>', '<MaxValue>1000000</MaxValue>')
      .replace(/^Other\/Solution/, '<Version>1.0.0.0', '<Version>1.1.0.0')
  },
  noise: (sample) =>
    sample
      .replace(/^Other\/Solution/, /OrganizationVersion="[^"]*"/, 'OrganizationVersion="9.2.26111.7"')
      .replace(ORDER, /<IntroducedVersion>1\.0\.0\.0/g, '<IntroducedVersion>1.0.0.1'),
}

function shipment(text: string): string {
  return text
    .replaceAll('lin_OrderLine', 'lin_Shipment')
    .replaceAll('lin_orderline', 'lin_shipment')
    .replaceAll('Order Line', 'Shipment')
}

const schema = new URL('../../../../action-diff/schemas/report.schema.json', import.meta.url)
const isReport = new Ajv2020({ strictTypes: false }).compile(JSON.parse(readFileSync(schema, 'utf8')))

test.each(Object.entries(PULL_REQUESTS))('%s', (name, edit) => {
  const before = new EditedSample()
  const after = edit(new EditedSample())
  const report = makeReport({ base: 'main@1a2b3c4', head: `${name}@5d6e7f8` }, [
    { folder: 'solutions/orders', ...compareSolutions(before.tree(), after.tree()) },
  ])
  isReport(JSON.parse(JSON.stringify(report)))
  expect(isReport.errors).toBeNull()
  const text = reportMarkdown(report, {
    maxBytes: 65_536,
    pageOf: (page) => `https://github.com/some-org/dataverse-solution-actions/blob/main/${page}`,
    fullReport: 'https://github.com/linden/orders/actions/runs/1',
  })
  const file = new URL(`golden/${name}.md`, import.meta.url)
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
})
