import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { root } from '../support/actions.ts'
import { importsOf, isNode, type Node, nodesOf } from '../support/syntax.ts'

/** TypeScript files of packages and actions without their tests, as paths from the root with slashes. */
const sources = [
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
  ...readdirSync(root),
]
  .map((folder) => `${folder}/src`)
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))

/** How many files a person can oversee in one folder. */
const roomy = 15

/** Rooms that hold more, with the reason. */
const larger: Readonly<Record<string, string>> = {
  'packages/action-kit/src': 'a small file for each thing that a runner offers, and no order among them',
  'packages/solution-package/src/xml': 'one reader and one writer, cut into the parts of a document',
}

test(`no folder has more than ${roomy} source files directly in it, or there is a reason`, () => {
  const counts = new Map<string, number>()
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  const full = [...counts].filter(([, count]) => count > roomy).map(([folder]) => folder)
  expect(full.filter((folder) => !(folder in larger))).toEqual([])
})

test('no file imports itself by way of others, types and what is loaded later included', () => {
  const next = new Map(
    sources.map((file) => [
      file,
      importsOf(join(root, file))
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(posix.dirname(file), name)),
    ]),
  )
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '))
    if (done.has(file)) return
    done.add(file)
    for (const one of next.get(file) ?? []) walk(one, [...way, file])
  }
  for (const file of sources) walk(file, [])
  expect(circles).toEqual([])
})

test('functions of a module are declared as functions', () => {
  const arrows = sources.flatMap((file) => functionConstants(file).map((name) => `${file}: ${name}`))
  expect(arrows).toEqual([])
})

test('names in messages stand in single quotes', () => {
  // The emulator says what Dataverse says, in its quotes.
  const doubled = sources
    .filter((file) => !file.startsWith('packages/dataverse-emulator/'))
    .flatMap((file) => doubleQuotes(file).map((text) => `${file}: ${text}`))
  expect(doubled).toEqual([])
})

/** Names of the constants of a module that hold a function and do not get its type from elsewhere. */
function functionConstants(file: string): readonly string[] {
  const [module] = nodesOf(join(root, file))
  return nodesIn(module?.['body'])
    .map((item) => (isNode(item['declaration']) ? item['declaration'] : item))
    .flatMap(({ declarations }) => nodesIn(declarations))
    .flatMap(({ id, init }) =>
      isNode(id) && !isNode(id['typeAnnotation']) && isNode(init) && /Function/.test(String(init['type']))
        ? [String(id['value'])]
        : [],
    )
}

/** Pieces of texts that put a value in double quotes; attributes of XML, names in JSON and labels of Mermaid are none. */
function doubleQuotes(file: string): readonly string[] {
  return nodesOf(join(root, file))
    .filter(({ type }) => type === 'TemplateLiteral')
    .flatMap(({ quasis }) => {
      const texts = nodesIn(quasis).map(({ raw }) => String(raw))
      return texts.filter(
        (text, at) => /(?<!=| : )"$/.test(text) && /^"(?!\\\\s|:)/.test(texts[at + 1] ?? ''),
      )
    })
}

function nodesIn(list: unknown): readonly Node[] {
  return Array.isArray(list) ? list.filter(isNode) : []
}
