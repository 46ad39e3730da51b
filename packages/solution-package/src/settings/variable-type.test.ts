import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Solution } from '../model/solution.ts'
import { archiveSource } from '../sources/archive-source.ts'
import { openPackage } from '../opc/index.ts'
import { openZip } from '../zip/index.ts'
import {
  checkValue,
  parseSettings,
  unreplacedToken,
  variableDefinitions,
  type VariableType,
} from './index.ts'

const secret =
  '/subscriptions/0a11ce00-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v/secrets/s'

test.each<[VariableType, string, string]>([
  ['text', ' any text ', ' any text '],
  ['number', '5', '5'],
  ['number', ' -1.50 ', '-1.50'],
  ['number', '+.5e3', '+.5e3'],
  ['yes/no', 'TRUE', 'yes'],
  ['yes/no', 'false', 'no'],
  ['yes/no', 'Yes', 'yes'],
  ['yes/no', 'no', 'no'],
  ['JSON', ' {"a":[1]} ', ' {"a":[1]} '],
  ['JSON', '5', '5'],
  ['secret', secret, secret],
  ['number', '', ''],
])('%s takes %j as %j', (type, value, stored) => {
  expect(checkValue(type, value)).toEqual({ value: stored })
})

test.each<[VariableType, string]>([
  ['number', 'abc'],
  ['number', '1,5'],
  ['number', '0x10'],
  ['number', 'NaN'],
  ['yes/no', '1'],
  ['yes/no', 'on'],
  ['JSON', '{a:1'],
  ['JSON', 'text'],
  ['secret', 'MySecretName'],
  ['secret', secret.replace('/secrets/s', '')],
  ['secret', secret.replace('/rg/', '/#{group}#/')],
])('%s does not take %j, and no message quotes it', (type, value) => {
  const { error } = checkValue(type, value, unreplacedToken(value))
  expect(error).toContain(`its type is ${type}`)
  expect(error).not.toContain(value)
})

test('what nothing replaced is an error where the type forbids it, and a warning elsewhere', () => {
  expect(checkValue('number', '#{Days}#', '#{Days}#').error).toContain("nothing replaced '#{Days}#'")
  expect(checkValue('yes/no', '${ON}', '${ON}').error).toContain("nothing replaced '${ON}'")
  expect(checkValue('text', 'x ${A B}', '${A B}')).toEqual({
    value: 'x ${A B}',
    warning: "nothing replaced '${A B}' in its value",
  })
  expect(checkValue('JSON', '{"a":"#{x}#"}', '#{x}#').warning).toContain('#{x}#')
  expect(unreplacedToken('#1 {a} $x {b}#')).toBeUndefined()
})

const cases = fileURLToPath(new URL('../../../../../shared/cases/', import.meta.url))
const ifThere = existsSync(cases) ? test : test.skip

ifThere(
  'the values of the reference case are wrong, each by its name, and the token in text is a warning',
  () => {
    const folder = join(cases, 'settings-value-types')
    const archive = openPackage(openZip(readFileSync(join(folder, 'vars_managed.zip'))))
    const types = new Map(
      variableDefinitions(new Solution(archiveSource(archive))).map(({ schemaName, type }) => [
        schemaName,
        type,
      ]),
    )
    expect(Object.fromEntries(types)).toEqual({
      fld_Str: 'text',
      fld_Num: 'number',
      fld_Bool: 'yes/no',
      fld_Json: 'JSON',
      fld_Secret: 'secret',
    })
    const settings = parseSettings(readFileSync(join(folder, 'settings.json')), 'settings.json')
    const found = settings.environmentVariables.map(({ schemaName, value }) => {
      const checked = checkValue(types.get(schemaName) ?? 'text', value, unreplacedToken(value))
      return [schemaName, checked.error === undefined ? (checked.warning ?? checked.value) : 'error']
    })
    expect(found).toEqual([
      ['fld_Str', "nothing replaced '#{envvar.fld_Str}#' in its value"],
      ['fld_Num', 'error'],
      ['fld_Bool', 'yes'],
      ['fld_Json', 'error'],
      ['fld_Secret', 'error'],
    ])
  },
)

ifThere('the files of Windows PowerShell: UTF-16 is read, the ANSI code page is refused by name', () => {
  const folder = join(cases, 'settings-file-encoding')
  const file = (name: string): Uint8Array => readFileSync(join(folder, name))
  expect(parseSettings(file('settings-utf16.json'), 'x').environmentVariables.length).toBeGreaterThan(0)
  expect(() => parseSettings(file('settings-ansi.json'), 'x')).toThrow('Windows-1252')
})
