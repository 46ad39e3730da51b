import { parseXml, type XmlElement } from '../xml/index.ts'

/** What an editor, a server or git does to a file that says nothing new. */
export interface NeutralEdit {
  readonly name: string
  readonly at: RegExp
  /** The same text where it does not fit. */
  readonly edit: (text: string, path: string) => string
  /** Few files have what it is about. */
  readonly isRare?: true
}

/** A file after an edit, or nothing where it does not fit. */
export function neutral({ edit }: NeutralEdit, path: string, bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.includes(0)) return undefined
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const after = edit(before, path)
  return after === before ? undefined : new TextEncoder().encode(after)
}

const XML = /\.xml$/i
const GUID = '11111111-2222-4333-8444-555555555555'
const START_TAG = /<([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))+)(\s*\/?>)/g
const ATTRIBUTE = /[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*')/g

/** Each part of a tree takes one of them in turn. */
export const NEUTRAL_EDITS: readonly NeutralEdit[] = [
  {
    name: 'other line ends',
    at: /\.(?:xml|json|js|css|html?)$/i,
    edit: (text) => (text.includes('\r') ? text : text.replaceAll('\n', '\r\n')),
  },
  {
    name: 'a byte order mark',
    at: /\.(?:xml|json|js|css)$/i,
    edit: (text) => (text.startsWith('\uFEFF') ? text.slice(1) : `\uFEFF${text}`),
  },
  {
    name: 'other white space between elements',
    at: XML,
    edit: outsideSections((text) => text.replaceAll(/>\s*\n\s*</g, '>\n\t<')),
  },
  {
    name: 'attributes in another order',
    at: XML,
    edit: outsideSections((text) =>
      text.replaceAll(START_TAG, (_all, name: string, attributes: string, end: string) => {
        const list = attributes.match(ATTRIBUTE) ?? []
        return `<${name} ${list.toReversed().join(' ')}${end}`
      }),
    ),
  },
  {
    name: 'elements without content written in the other way',
    at: XML,
    edit: outsideSections((text) =>
      text.replaceAll(
        /<([\w:.-]+)((?:\s[^<>]*[^<>/])?)><\/\1>|<([\w:.-]+)([^<>]*?)\s*\/>/g,
        (_all, open: string | undefined, inner: string, closed: string, rest: string) =>
          open === undefined ? `<${closed}${rest}></${closed}>` : `<${open}${inner} />`,
      ),
    ),
  },
  { name: 'sets in another order', at: XML, edit: (text, path) => reversedSets(text, path) },
  {
    name: 'members of JSON in another order',
    at: /^Workflows\/.*\.json$/i,
    isRare: true,
    edit: (text) => {
      try {
        return JSON.stringify(reversedMembers(JSON.parse(text.replace(/^\uFEFF/, ''))), null, 1)
      } catch {
        return text
      }
    },
  },
  {
    name: 'stamps of a newer server',
    at: XML,
    edit: (text) =>
      text
        .replaceAll(
          /( (?:OrganizationVersion|generatedBy|SolutionPackageVersion|CRMServerServiceabilityVersion)=")[^"]*"/g,
          '$19.9.99999.9"',
        )
        .replaceAll(
          /(<(IntroducedVersion|introducedversion|AppVersion|CreatedByClientVersion|MinClientVersion)>)[^<]*</g,
          '$177.0.0.0<',
        )
        .replaceAll(/( (?:labelid|handlerUniqueId|libraryUniqueId)=")\{?[^"]*?\}?"/g, `$1{${GUID}}"`),
  },
  {
    name: 'defaults that appear',
    isRare: true,
    at: XML,
    edit: (text, path) =>
      DEFAULTS.reduce(
        (now, { at, before, defaults }) => (at.test(path) ? withDefaults(now, before, defaults) : now),
        text,
      ),
  },
]

/** Elements that appear with what they say anyway, each before the end of the one that holds them. */
const DEFAULTS: readonly {
  readonly at: RegExp
  readonly before: RegExp
  readonly defaults: Readonly<Record<string, string>>
}[] = [
  {
    at: /\/Entity\.xml$/i,
    before: /<\/attribute>/g,
    defaults: {
      IsRetrievable: '1',
      IsFilterable: '0',
      IsSearchable: '1',
      IsLocalizable: '0',
      ImeMode: 'auto',
      ValidForUpdateApi: '0',
      ValidForCreateApi: '0',
      IsRenameable: '1',
      RequiredLevel: 'none',
      SourceType: '0',
    },
  },
  {
    at: /\/Entity\.xml$/i,
    before: /<\/entity>/g,
    defaults: {
      IsMSTeamsIntegrationEnabled: '0',
      IsSolutionAware: '0',
      IsChildEntity: '0',
      EntityColor: '',
      IconVectorName: '',
      EntityHelpUrl: '',
      IsAuditEnabled: '0',
      CanCreateForms: '1',
      HasRelatedNotes: 'False',
    },
  },
  {
    at: /^Other\/Relationships\//i,
    before: /<\/EntityRelationship>/g,
    defaults: { CascadeArchive: 'NoCascade', CascadeRollupView: 'NoCascade', IsHierarchical: '0' },
  },
  {
    at: /^WebResources\/.*\.data\.xml$/i,
    before: /<\/WebResource>/g,
    defaults: {
      LanguageCode: '0',
      IsHidden: '0',
      DependencyXml:
        '&lt;Dependencies&gt;&lt;Dependency componentType="WebResource"/&gt;&lt;/Dependencies&gt;',
    },
  },
  {
    at: /^Workflows\/.*\.data\.xml$/i,
    before: /<\/Workflow>/g,
    defaults: {
      IsCustomProcessingStepAllowedForOtherPublishers: '1',
      ModernFlowType: '0',
      ThrottlingBehavior: '1',
    },
  },
  {
    at: /^CanvasApps\//i,
    before: /<\/CanvasApp>/g,
    defaults: { AppComponents: '[]', AppComponentDependencies: '[]', AdminControlBypassConsent: '0' },
  },
  {
    at: /\/AppModule(?:_managed)?\.xml$/i,
    before: /<\/AppModule>/g,
    defaults: { OptimizedFor: '', statecode: '0' },
  },
]

/** Lists whose order says nothing: of components, of privileges, of what is needed. */
const SETS = new Set([
  'attributes',
  'RootComponents',
  'MissingDependencies',
  'RolePrivileges',
  'EntityRelationships',
  'AppModuleComponents',
  'AppModuleRoleMaps',
  'FieldPermissions',
  'LookupTypes',
  'EntityKeys',
  'connectionreferences',
  'LocalizedNames',
  'displaynames',
  'labels',
  'PluginTypes',
  'SdkMessageProcessingStepImages',
  'CommandDefinitions',
  'controlDescriptions',
])

/** A text outside of `<![CDATA[…]]>` and comments, which hold texts of their own. */
function outsideSections(edit: (text: string) => string): (text: string) => string {
  return (text) =>
    text
      .split(/(<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->)/)
      .map((part, at) => (at % 2 === 0 ? edit(part) : part))
      .join('')
}

function reversedSets(text: string, path: string): string {
  const { root } = parseXml(new TextEncoder().encode(text), path)
  return withReversedSets(root)
}

function withReversedSets(element: XmlElement): string {
  const children = element.elements()
  if (
    children.length === 0 ||
    element.otherNodes().some(({ kind, source }) => kind === 'text' && source.trim() !== '')
  )
    return element.source
  const written = children.map(withReversedSets)
  const start = element.source.slice(0, element.source.indexOf('>') + 1)
  return `${start}${(SETS.has(element.name) ? written.toReversed() : written).join('\n')}</${element.name}>`
}

function reversedMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversedMembers(member)]),
  )
}

function withDefaults(text: string, before: RegExp, defaults: Readonly<Record<string, string>>): string {
  let from = 0
  return text.replaceAll(before, (end, at: number) => {
    const inner = text.slice(from, at)
    from = at
    return `${Object.entries(defaults)
      .filter(
        ([name]) =>
          !inner.includes(`<${name}>`) && !inner.includes(`<${name} `) && !inner.includes(`<${name}/`),
      )
      .map(([name, value]) => (value === '' ? `<${name} />` : `<${name}>${value}</${name}>`))
      .join('')}${end}`
  })
}
