import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What differs from run to run is made the same. */
function settled(summary: string): string {
  return summary
    .replace(/http:<wbr>\/\/127\.0\.0\.1:\d+/g, 'https:<wbr>//linden.crm4.dynamics.com')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://linden.crm4.dynamics.com')
    .replace(/\b127\.0\.0\.1:\d+/g, 'linden.crm4.dynamics.com')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '310799b8-dc6c-ee11-9ae7-000d3aaae21d')
    .replace(/\b[\da-f]{64}\b/g, 'ac4d5140'.repeat(8))
    .replace(/\b[\da-f]{8}…/g, 'ac4d5140…')
    .replace(/\b\d+ s\b/g, '4 min 12 s')
    .replace(/\bct-\w+/g, 'Contoso Test')
    .replaceAll('contoso-production', 'Contoso')
}

/**
 * Compares a summary with the file that holds it as it must be. `GOLDEN=write` before the command of the test writes it
 * anew; look at each change.
 *
 * @param folder that of the test; the file is in its folder `golden`
 */
export function expectGolden(folder: string, name: string, summary: string): void {
  const file = join(folder, 'golden', `${name}.md`)
  if (process.env['GOLDEN'] === 'write') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, settled(summary))
  }
  expect(settled(summary)).toBe(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'))
}
