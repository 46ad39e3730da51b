import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPackage, openZip } from '@dsa/solution-package'
import { actualAssembly, pluginSource, statedAssembly } from '../../tests/support/plugin-source.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'pack-'))
  for (const [path, content] of Object.entries(pluginSource)) {
    mkdirSync(dirname(join(workspace, 'gear', path)), { recursive: true })
    writeFileSync(join(workspace, 'gear', path), content)
  }
})
afterEach(() => rmSync(workspace, { recursive: true }))

test.each([
  ['false', actualAssembly],
  ['true', statedAssembly],
])('disable-plugin-remap: %s names the assembly %s', (value, name) => {
  const run = runActionSync(
    'pack',
    {
      'solution-folder': 'gear',
      'solution-file': 'gear.zip',
      verify: 'false',
      'disable-plugin-remap': value,
    },
    { workspace },
  )
  expect(run).toMatchObject({ code: 0, annotations: [] })
  const parts = openPackage(openZip(readFileSync(join(workspace, 'gear.zip')), { label: 'gear.zip' }))
  const customizations = new TextDecoder().decode(parts.read('customizations.xml'))
  expect(customizations).toContain(`AssemblyQualifiedName="Gear.Plugin, ${name}"`)
})
