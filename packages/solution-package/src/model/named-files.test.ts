import { namedFiles, openZip, packSolution, unclaimedFiles, unpackSolution } from '../index.ts'
import { memoryTree } from '../testing/reference-cases.ts'
import { Solution } from './solution.ts'
import { treeSource } from '../sources/xml/xml-source.ts'
import { packageOf, parts, solutionXml, customizationsXml } from '../testing/solution.ts'

const manifest =
  '<manifest><control namespace="n" constructor="c"><resources><code path="bundle.js" /><img path="img/a b.png" /></resources></control></manifest>'

const everyKind = {
  sections: `
<Workflows><Workflow WorkflowId="1"><JsonFileName>/Workflows/w.json</JsonFileName></Workflow></Workflows>
<CustomControls><CustomControl><Name>g.C</Name><FileName>/Controls/g.C/ControlManifest.xml</FileName></CustomControl></CustomControls>
<CanvasApps><CanvasApp><Name>a</Name><CodeAppPackageUris><CodeAppPackageUri>/CanvasApps/a_CodeAppPackages/x/i_ContentType_.html_ContentType_text/html</CodeAppPackageUri></CodeAppPackageUris></CanvasApp></CanvasApps>
<Connectors><Connector><name>c</name><iconblob>/Connector/c_icon.Png</iconblob><displayname>/no file</displayname></Connector></Connectors>
<Reports><Report><languagecode>1033</languagecode><reportid>1</reportid><filename>r.rdl</filename><reporttypecode>1</reporttypecode><ExportedFileName>/Reports/r.rdl</ExportedFileName></Report></Reports>`,
  files: {
    'Controls/g.C/ControlManifest.xml': manifest,
    'Controls/g.C/LICENSE.txt': '1',
    'botcomponents/b/botcomponent.xml':
      '<botcomponent><filedata mimetype="a/b">f (1), é.txt</filedata></botcomponent>',
    'botcomponents/b/data': '1',
    'Assets/a_bset.xml': '<a_bset />',
    'Assets/notes.txt': '1',
    'Workflows/other.json': '1',
    'root.txt': '1',
  },
  rootComponents: '<RootComponent type="29" id="1" /><RootComponent type="300" schemaName="a" />',
}

const named = [
  'Workflows/w.json',
  'Controls/g.C/ControlManifest.xml',
  'Controls/g.C/bundle.js',
  'Controls/g.C/img/a b.png',
  'CanvasApps/a_CodeAppPackages/x/i_ContentType_.html',
  'Connector/c_icon.Png',
  'Reports/r.rdl',
  'botcomponents/b/filedata/f (1), é.txt',
]

test('an archive tells each file that its components name, with the place, and each that none names', () => {
  const archive = parts(everyKind)
  const files = namedFiles(archive)
  expect(files.map(({ name }) => name)).toEqual(named)
  expect(files.filter(({ part }) => part !== undefined).map(({ name }) => name)).toEqual([
    'Controls/g.C/ControlManifest.xml',
  ])
  expect(files[2]?.by).toEqual({ part: 'Controls/g.C/ControlManifest.xml', line: 1, element: 'code' })
  expect(unclaimedFiles(archive)).toEqual(['Assets/notes.txt', 'Workflows/other.json', 'root.txt'])
})

test('unpacking says what is missing, and packing is refused until that is allowed', async () => {
  const { files, missingFiles } = unpackSolution({ archive: parts(everyKind) }, { packageType: 'Unmanaged' })
  for (const name of named.filter((path) => path !== 'Controls/g.C/ControlManifest.xml'))
    expect(missingFiles.filter((line) => line.includes(` names ${name},`))).toHaveLength(1)
  const tree = memoryTree(new Map(files))
  await expect(packSolution(tree, { packageType: 'Unmanaged' })).rejects.toThrow(
    /Controls\/g\.C\/ControlManifest\.xml, line 1, column \d+: <code> names Controls\/g\.C\/bundle\.js/,
  )
  const packed = await packSolution(tree, { packageType: 'Unmanaged', allowMissingFiles: true })
  const missing = packed.warnings.flatMap(
    (line) => / names (.*), which is not in the folder/.exec(line)?.[1] ?? [],
  )
  expect(missing.toSorted()).toEqual(
    named
      .filter((name) => name !== 'Controls/g.C/ControlManifest.xml')
      .map((name) => name.replace('Connector/', 'Connectors/').replace('Reports/', 'Reports/1033/1/'))
      .toSorted(),
  )
})

test('what is escaped in an archive is plain in the tree, and escaped again; what a definition escapes stays', async () => {
  const archive = packageOf({
    'solution.xml': solutionXml({}),
    'customizations.xml': customizationsXml(''),
    'appactions/x%7B!y%7D%20(1)/appaction.xml': '<appaction />',
    'botcomponents/b/botcomponent.xml':
      '<botcomponent><filedata mimetype="x">a%2C b.txt</filedata></botcomponent>',
    'botcomponents/b/filedata/a%2C%20b.txt': '1',
  })
  const { files } = unpackSolution({ archive }, { packageType: 'Unmanaged' })
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['appactions/x{!y} (1)/appaction.xml', 'botcomponents/b/filedata/a, b.txt']),
  )
  const { archives } = await packSolution(memoryTree(new Map(files)), { packageType: 'Unmanaged' })
  expect(openZip(archives[0]?.bytes ?? new Uint8Array()).map(({ name }) => name)).toEqual([
    'customizations.xml',
    'solution.xml',
    'appactions/x%7B!y%7D%20(1)/appaction.xml',
    'botcomponents/b/botcomponent.xml',
    'botcomponents/b/filedata/a%2C%20b.txt',
    '[Content_Types].xml',
  ])
})

test('what looks like litter is packed when a component names it, or is one', async () => {
  const files = {
    'Other/Solution.xml': solutionXml({
      rootComponents:
        '<RootComponent type="61" schemaName="x/bin/README.md" /><RootComponent type="20" id="{1}" />',
    }),
    'Other/Customizations.xml': customizationsXml('<Roles /><WebResources />'),
    'Roles/.NET.xml': '<Role id="{1}" name=".NET" />',
    'Roles/._NET.xml': 'left by a Mac',
    'Roles/.DS_Store': '1',
    'WebResources/x/bin/README.md': '1',
    'WebResources/x/bin/README.md.data.xml':
      '<WebResource><WebResourceId>1</WebResourceId><Name>x/bin/README.md</Name><FileName>/WebResources/xbinREADMEmd</FileName></WebResource>',
    'botcomponents/b/botcomponent.xml':
      '<botcomponent><filedata mimetype="x">README.md</filedata></botcomponent>',
    'botcomponents/b/filedata/README.md': '1',
    'botcomponents/README.md': '1',
    'obj/customapis/c/customapi.xml': '<customapi />',
  }
  const bytes = Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)])
  const { archives, leftOut } = await packSolution(memoryTree(new Map(bytes)), { packageType: 'Unmanaged' })
  expect(openZip(archives[0]?.bytes ?? new Uint8Array()).map(({ name }) => name)).toEqual([
    'customizations.xml',
    'solution.xml',
    'WebResources/xbinREADMEmd',
    'botcomponents/b/botcomponent.xml',
    'botcomponents/b/filedata/README.md',
    '[Content_Types].xml',
  ])
  expect(leftOut).toEqual([
    'Roles/.DS_Store',
    'Roles/._NET.xml',
    'botcomponents/README.md',
    'obj/customapis/c/customapi.xml',
  ])
})

test('a component that is called like the folder of a build is packed with its files, and is seen by the model', async () => {
  const files = {
    'Other/Solution.xml': solutionXml({
      rootComponents:
        '<RootComponent type="1" schemaName="bin" /><RootComponent type="66" schemaName="bin" />',
    }),
    'Other/Customizations.xml': customizationsXml('<Entities /><CustomControls />'),
    'Entities/bin/Entity.xml': '<Entity><Name>bin</Name><FormXml /></Entity>',
    'Entities/bin/FormXml/main/f.xml': '<forms><systemform><formid>f</formid></systemform></forms>',
    'Controls/bin/ControlManifest.xml': manifest,
    'Controls/bin/ControlManifest.xml.data.xml':
      '<CustomControl><Name>bin</Name><FileName>/Controls/bin/ControlManifest.xml</FileName></CustomControl>',
    'Controls/bin/bundle.js': '1',
    'Controls/bin/img/a b.png': '1',
    'Controls/bin/LICENSE.txt': '1',
    'Controls/bin/obj/left.txt': '1',
    'botcomponents/obj/botcomponent.xml':
      '<botcomponent schemaname="obj"><filedata mimetype="x">a.txt</filedata></botcomponent>',
    'botcomponents/obj/data': '1',
    'botcomponents/obj/filedata/a.txt': '1',
    'bin/Debug/botcomponents/c/botcomponent.xml': '<botcomponent schemaname="c" />',
  }
  const tree = memoryTree(
    new Map(Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)])),
  )
  const { archives, leftOut } = await packSolution(tree, { packageType: 'Unmanaged' })
  const entries = openZip(archives[0]?.bytes ?? new Uint8Array()).map(({ name }) => name)
  expect(entries.filter((name) => name.includes('/'))).toEqual([
    'Controls/bin/ControlManifest.xml',
    'Controls/bin/LICENSE.txt',
    'Controls/bin/bundle.js',
    'Controls/bin/img/a%20b.png',
    'botcomponents/obj/botcomponent.xml',
    'botcomponents/obj/data',
    'botcomponents/obj/filedata/a.txt',
  ])
  expect(leftOut).toEqual(['Controls/bin/obj/left.txt', 'bin/Debug/botcomponents/c/botcomponent.xml'])
  const found = [...new Solution(treeSource(tree)).components()].map(({ name }) => name)
  expect(found).toEqual(['bin', 'f', 'bin', 'obj'])
})
