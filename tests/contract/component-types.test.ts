import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPONENTS, NUMBERED_TYPES } from '../../packages/solution-package/src/index.ts'
import { root } from '../support/actions.ts'

const MODEL = 'packages/solution-package/src/model/'

const sources = [
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
  ...readdirSync(root).filter((name) => name.startsWith('action-')),
]
  .map((folder) => `${folder}/src`)
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(file) && !file.startsWith(MODEL))

const numbers = [
  ...Object.values(COMPONENTS).flatMap((row) => ('type' in row ? [row.type] : [])),
  ...Object.values(NUMBERED_TYPES).map(({ type }) => type),
].join('|')

/** Words that a constant for a type has in its name; those for tables and columns stand for other things as well. */
const NAMES =
  'FORM|VIEW|CHART|CHOICE|RELATIONSHIP|ROLE|PROCESS|WORKFLOW|FLOW|RESOURCE|APP|ASSEMBLY|STEP|ENDPOINT|CONNECTOR|VARIABLE|VARIABLE_VALUE|REPORT|TEMPLATE|COMPONENT|COMPONENT_TYPE|ASSEMBLY_TYPE'

/** How a component type is written as a number: as a constant, compared, in a RootComponent, or as a list of them. */
const WRITTEN = [
  String.raw`\bconst (?:\w+_)?(?:${NAMES}) = '?(?:${numbers})'?;?$`,
  String.raw`\bconst (?:\w+_)?(?:(?:TABLE|ENTITY) = '?1|(?:COLUMN|ATTRIBUTE) = '?2)'?;?$`,
  String.raw`\b(?:component[tT]ype|componenttype)\b[^\n]{0,20}(?:===|!==|=|:|\beq\b) *'?(?:${numbers})\b`,
  String.raw`\btype(?: ===| !==|:) '(?:${numbers})'`,
  String.raw`<RootComponent type="(?:${numbers})"`,
  String.raw`\btype: (?:${numbers}),\s*\n?\s*(?:name|label|platformName): '`,
  // A destructuring names its numbers itself.
  String.raw`(?<!const )\[(?:[A-Z_]+, *|(?:${numbers}), *){4,}`,
].map((pattern) => new RegExp(pattern, 'm'))

test('the number of a component type stands in the model and nowhere else', () => {
  const elsewhere = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return WRITTEN.flatMap((pattern) => {
      const found = pattern.exec(text)
      return found === null ? [] : [`${file}: ${found[0].trim()}`]
    })
  })
  expect(elsewhere).toEqual([])
})

test.each([
  'const WEB_RESOURCE = 61',
  "const ASSEMBLY_TYPE = '91'",
  "if (root.type === '29') return",
  'const filter = `componenttype eq 300`',
  "const kinds = [{ type: 20, name: 'Role' }]",
  'const comparable = new Set([TABLE, 9, 20, VIEW, 29, 60])',
])('it would be found: %s', (line) => {
  expect(WRITTEN.some((pattern) => pattern.test(line))).toBe(true)
})
