import { CONSTANT_SECTIONS } from '@dsa/solution-package'
import type { Row } from '../../store/row.ts'
import { asText, text } from '../../store/value.ts'
import { escapeXml } from '../../escape-xml.ts'

const ADDRESS_ELEMENTS = [
  'City',
  'County',
  'Country',
  'Fax',
  'FreightTermsCode',
  'ImportSequenceNumber',
  'Latitude',
  'Line1',
  'Line2',
  'Line3',
  'Longitude',
  'Name',
  'PostalCode',
  'PostOfficeBox',
  'PrimaryContactName',
  'ShippingMethodCode',
  'StateOrProvince',
  'Telephone1',
  'Telephone2',
  'Telephone3',
  'TimeZoneRuleVersionNumber',
  'UPSZone',
  'UTCOffset',
  'UTCConversionTimeZoneCode',
]

function localized(list: string, item: string, value: string) {
  return value === ''
    ? `<${list} />`
    : `<${list}>\n      <${item} description="${escapeXml(value)}" languagecode="1033" />\n    </${list}>`
}

function nil(name: string, value: string) {
  return value === '' ? `<${name} xsi:nil="true"></${name}>` : `<${name}>${escapeXml(value)}</${name}>`
}

/** The solution.xml of a solution that was never imported. */
export function solutionManifest(parts: {
  readonly solution: Row
  readonly publisher: Row
  readonly managed: boolean
  readonly rootComponents: string
}): string {
  const { solution, publisher, managed, rootComponents } = parts
  const address = (number: number) =>
    `        <Address>\n          <AddressNumber>${number}</AddressNumber>\n          <AddressTypeCode>1</AddressTypeCode>\n${ADDRESS_ELEMENTS.map((name) => `          ${name === 'ShippingMethodCode' ? '<ShippingMethodCode>1</ShippingMethodCode>' : nil(name, '')}\n`).join('')}        </Address>\n`
  return `\u{feff}<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml version="9.2.26104.182" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>${escapeXml(text(solution, 'uniquename'))}</UniqueName>
    ${localized('LocalizedNames', 'LocalizedName', text(solution, 'friendlyname'))}
    ${localized('Descriptions', 'Description', text(solution, 'description'))}
    <Version>${escapeXml(text(solution, 'version'))}</Version>
    <Managed>${managed ? 1 : 0}</Managed>
    <Publisher>
      <UniqueName>${escapeXml(text(publisher, 'uniquename'))}</UniqueName>
      ${localized('LocalizedNames', 'LocalizedName', text(publisher, 'friendlyname'))}
      ${localized('Descriptions', 'Description', text(publisher, 'description'))}
      ${nil('EMailAddress', text(publisher, 'emailaddress'))}
      ${nil('SupportingWebsiteUrl', text(publisher, 'supportingwebsiteurl'))}
      <CustomizationPrefix>${escapeXml(text(publisher, 'customizationprefix'))}</CustomizationPrefix>
      <CustomizationOptionValuePrefix>${asText(publisher['customizationoptionvalueprefix'])}</CustomizationOptionValuePrefix>
      <Addresses>
${address(1)}${address(2)}      </Addresses>
    </Publisher>
    ${rootComponents}
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>`
}

export function emptyCustomizations(): string {
  return `\u{feff}<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${CONSTANT_SECTIONS.map((name) => `  <${name} />\n`).join('')}  <Languages>
    <Language>1033</Language>
  </Languages>
</ImportExportXml>`
}
