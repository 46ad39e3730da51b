import { join } from 'node:path'
import fc from 'fast-check'
import { openSource, readFolder } from '../../index.ts'
import { nodesOf, readAgain } from '../../testing/read-again.ts'
import { noteMissing, sharedFolder } from '../../testing/reference-cases.ts'
import { TWO_SOLUTIONS, YAML_SOLUTION, yamlTree } from '../../testing/yaml-solution.ts'
import { parseXml, rawBytes } from '../../xml/index.ts'
import { readAnyStyle } from './rule/any-style.ts'
import { readPlatformStyle } from './rule/platform-style.ts'

const shared = sharedFolder('yaml')
if (shared === undefined) noteMissing('yaml')
const withShared = shared === undefined ? test.skip : test
test('documents that are put together know their nodes as reading them would', async () => {
  expect(readAgain(await openSource(yamlTree()))).toBe(14)
  expect(readAgain(await openSource(yamlTree(TWO_SOLUTIONS), 'Tower'))).toBe(3)
})

test('the same where files are empty, or in another style', async () => {
  const table = 'entities/fly_plane/entity.yml'
  const bare = "Entity:\n  Name:\n    '#text': fly_Plane\n  EntityInfo:\n    entity: \n"
  const escaped = (YAML_SOLUTION[table] ?? '').replace("'Made of: wood'", `'a <b> & "c" ''d'''`)
  for (const text of [bare, escaped, `# by hand\n${bare}`, `# by hand\n${escaped}`])
    readAgain(await openSource(yamlTree({ ...YAML_SOLUTION, [table]: text })))
})

withShared('the same of trees that the platform wrote', async () => {
  for (const folder of ['platform-1', 'platform-2'])
    readAgain(await openSource(readFolder(join(shared ?? '', folder))))
})

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '<',
    '&',
    '>',
    '"',
    "'",
    "''",
    'x: y',
    ' ',
    'a  b',
    '#',
    ']]>',
    'é',
    '\u{fffd}',
    '&amp;',
  ),
  fc.string({ maxLength: 5 }),
)
type Node = readonly [
  name: string,
  attributes: readonly (readonly [string, string])[],
  content: string | null | readonly Node[],
]
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.tuple(
    fc.constantFrom('a', 'b', 'c.d', 'RibbonTemplates'),
    fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'xsi:nil', 'languagecode'), text), {
      maxLength: 3,
      selector: ([name]) => name,
    }),
    fc.oneof({ depthSize: 'small' }, text, fc.constant(null), fc.array(tie('node'), { maxLength: 4 })),
  ),
}))

function written(value: string): string {
  return /^[\w .]*$/.test(value) && value === value.trim() && value !== ''
    ? value
    : `'${value.replaceAll("'", "''")}'`
}

/** A document in the style of the platform, now and then with a value that it never has. */
function yamlOf([name, attributes, content]: Node, indent = ''): string {
  const inner = `${indent}  `
  if (attributes.length === 0 && (content === null || typeof content === 'string'))
    return `${indent}${name}: ${typeof content === 'string' ? written(content) : ''}\n`
  const lines = attributes.map(([key, value]) => `${inner}'@${key}': ${written(value)}\n`)
  if (typeof content === 'string') lines.push(`${inner}'#text': ${written(content)}\n`)
  const children: readonly Node[] = content === null || typeof content === 'string' ? [] : content
  const groups = new Map<string, Node[]>()
  for (const child of children) groups.set(child[0], [...(groups.get(child[0]) ?? []), child])
  for (const [of, nodes] of groups) {
    const [only] = nodes
    if (nodes.length === 1 && only !== undefined) lines.push(yamlOf(only, inner))
    else lines.push(`${inner}${of}:\n`, ...nodes.map((item) => itemOf(item, inner)))
  }
  return `${indent}${name}:${lines.length === 0 ? ' ' : ''}\n${lines.join('')}`
}

function itemOf(item: Node, indent: string): string {
  const [first = '', ...rest] = yamlOf(item, indent).split(/(?<=\n)/)
  if (rest.length === 0) return `${indent}- ${first.slice(first.indexOf(':') + 2)}`
  return `${indent}- ${rest.join('').slice(indent.length + 2)}`
}

test('thousands of documents and mutations of them: whatever the fast reader takes, both read the same way', () => {
  let [taken, refused] = [0, 0]
  fc.assert(
    fc.property(
      node,
      fc.nat(),
      fc.constantFrom('', ' ', "'", ':', '\n', '- ', '#', '\t', '&a ', '\r', '\u{0}'),
      fc.boolean(),
      (tree, at, more, isCrlf) => {
        const plain = yamlOf(['r', [], [tree]])
        for (const [index, lines] of [
          plain,
          plain.slice(0, at % plain.length) + more + plain.slice(at % plain.length),
        ].entries()) {
          const bytes = Buffer.from(isCrlf ? lines.replaceAll('\n', '\r\n') : lines)
          const fast = readPlatformStyle(bytes, 0)
          if (fast === undefined) {
            refused++
            continue
          }
          taken++
          const all = readAnyStyle(bytes, `f${index}`, 0)
          expect([fast.xml, [...fast.lines], [...fast.languages]]).toEqual([
            all.xml,
            [...all.lines],
            [...all.languages],
          ])
          const read = parseXml(
            rawBytes(fast.xml.replace('<r', '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')),
            'f',
          )
          expect(
            fast.nodes === undefined ? undefined : [...fast.nodes.kinds.subarray(0, fast.nodes.count)],
          ).toEqual(nodesOf(read)[0])
        }
      },
    ),
    { numRuns: 3000, seed: 11 },
  )
  expect(taken).toBeGreaterThan(3000)
  expect(refused).toBeGreaterThan(300)
})
