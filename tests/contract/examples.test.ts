import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { actionFolders, compositeFolders, readAction, root } from '../support/actions.ts'

/** A step of an example that uses one of our actions. */
interface Use {
  readonly file: string
  readonly folder: string
  readonly id: string
  readonly inputs: readonly string[]
}

const folders = ['.', 'docs', ...readdirSync(root).filter((name) => name.startsWith('action-'))]
const documents = folders
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md'))
const workflows = ['samples', '.github/workflows'].flatMap((folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => join(folder, name))
    : [],
)

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** Pieces of YAML, with the file that each is in. */
const examples = [
  ...documents.flatMap((file) =>
    [...read(file).matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, text = '']) => ({ file, text })),
  ),
  ...workflows.map((file) => ({ file, text: read(file) })),
  ...compositeFolders.map((folder) => ({ file: `${folder}/action.yml`, text: read(`${folder}/action.yml`) })),
]

function* objectsIn(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return
  yield value
  for (const child of Object.values(value)) yield* objectsIn(child)
}

function usesIn({ file, text }: (typeof examples)[number]): readonly Use[] {
  return parseAllDocuments(text)
    .flatMap((document) => [...objectsIn(document.toJS())])
    .flatMap((step) => {
      const [, folder = ''] = 'uses' in step ? (/\/(action-[\w-]+)(?:@|$)/.exec(String(step.uses)) ?? []) : []
      if (folder === '') return []
      const inputs = 'with' in step ? Object.keys(Object(step.with)) : []
      return [{ file, folder, inputs, id: 'id' in step ? String(step.id) : '' }]
    })
}

const uses = examples.flatMap(usesIn)

test('each action has an example in its own guide', () => {
  const shown = uses.filter(({ file, folder }) => file.startsWith(folder)).map(({ folder }) => folder)
  expect([...new Set(shown)].toSorted()).toEqual([...actionFolders, ...compositeFolders].toSorted())
})

test('examples give inputs that exist, and all that must be given', () => {
  const wrong = uses.flatMap(({ file, folder, inputs }) => {
    const declared = readAction(folder).inputs
    const missing = Object.keys(declared).filter((name) => declared[name]?.required === true)
    return [
      ...inputs
        .filter((name) => !(name in declared))
        .map((name) => `${file}: ${folder} has no input ${name}`),
      ...missing.filter((name) => !inputs.includes(name)).map((name) => `${file}: ${folder} needs ${name}`),
    ]
  })
  expect(wrong).toEqual([])
})

test('examples take outputs that exist', () => {
  const wrong = examples.flatMap((example) => {
    const steps = new Map(usesIn(example).map(({ id, folder }) => [id, folder]))
    return [...example.text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)].flatMap(
      ([text, id = '', name = '']) => {
        const folder = steps.get(id)
        return folder === undefined || name in readAction(folder).outputs ? [] : [`${example.file}: ${text}`]
      },
    )
  })
  expect(wrong).toEqual([])
})

test('inputs that a guide names in passing exist', () => {
  const words = /`([a-z]+(?:-[a-z]+)+): [^`]*`/g
  const wrong = actionFolders.flatMap((folder) => {
    const file = join(folder, 'README.md')
    const declared = actionFolders.flatMap((other) => Object.keys(readAction(other).inputs))
    return (
      [...read(file).matchAll(words)]
        // Permissions of a job are written the same way.
        .filter(([text, name = '']) => !declared.includes(name) && !/: (?:read|write)`$/.test(text))
        .map(([text]) => `${file}: ${text}`)
    )
  })
  expect(wrong).toEqual([])
})
