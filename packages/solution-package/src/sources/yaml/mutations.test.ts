import { openSource, packSolution, verifySource } from '../../index.ts'
import { YAML_SOLUTION, yamlTree } from '../../testing/yaml-solution.ts'

type Files = Readonly<Record<string, string | undefined>>

const solution = 'solutions/Hangar/solution.yml'
const roots = 'solutions/Hangar/rootcomponents.yml'
const missing = 'solutions/Hangar/missingdependencies.yml'
const listing = 'solutions/Hangar/solutioncomponents.yml'
const publisher = 'publishers/hangar/publisher.yml'
const table = 'entities/fly_plane/entity.yml'
const column = 'entities/fly_plane/attributes/fly_name.yml'
const key = 'entities/fly_plane/entitykeys/fly_sign/entitykey.yml'
const form = 'entities/fly_plane/formxml/main/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e01/systemform.yml'
const view = 'entities/fly_plane/savedqueries/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e02/savedquery.yml'
const ribbon = 'entities/fly_plane/ribbondiffs/ribbondiff.yml'
const relationship = 'entityrelationships/fly_Plane_CreatedBy/entityrelationship.yml'
const choice = 'optionsets/fly_state/optionset.yml'
const app = 'appmodules/fly_Hangar/appmodule.yml'
const siteMap = 'appmodulesitemaps/fly_Hangar/appmodulesitemap.yml'
const reference = 'connectionreferences/fly_dataverse/connectionreference.yml'
const flow = 'modernflows/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e03/workflow.yml'
const flowFile = flow.replace('workflow.yml', 'Landed-3F0A1C52-5A1B-4D6E-9A70-0D2B7A4C1E03.json')
const canvas = 'canvasapps/fly_board_1a2b3/canvasapp.yml'
const image = 'canvasapps/fly_board_1a2b3/fly_board_1a2b3_BackgroundImageUri'

const textOf = (path: string): string => YAML_SOLUTION[path] ?? ''

function edited(path: string, from: string | RegExp, to: string): Files {
  const text = textOf(path).replace(from, to)
  if (text === textOf(path)) throw new Error(`${path} has no ${String(from)}`)
  return { ...YAML_SOLUTION, [path]: text }
}

const without = (path: string): Files => ({ ...YAML_SOLUTION, [path]: undefined })

const withFile = (path: string, text: string): Files => ({ ...YAML_SOLUTION, [path]: text })

function moved(from: string, to: string): Files {
  return { ...YAML_SOLUTION, [from]: undefined, [to]: textOf(from) }
}

/** Moves a file, and what lists it. */
function movedAndListed(from: string, to: string, listed: string, newly: string): Files {
  return {
    ...moved(from, to),
    [listing]: textOf(listing).replace(`'@path': ${listed}\n`, `'@path': ${newly}\n`),
  }
}

/** Which line it is depends on what follows. */
const ANY = 0

type Mutation = readonly [what: string, files: Files, file: string, line: number, problem: string]

/** Slips that can be made in each file, with what follows the first line of its element. */
const IN_EACH = [
  table,
  column,
  key,
  form,
  view,
  relationship,
  choice,
  app,
  siteMap,
  reference,
  flow,
  canvas,
  publisher,
].flatMap((path): Mutation[] => {
  const [root = '', second = ''] = textOf(path).split('\n')
  const name = second.trim().split(':', 1)[0] ?? ''
  return [
    [
      `${path}: a key twice`,
      edited(path, `${root}\n`, `${root}\n  Twice: a\n  Twice: b\n`),
      path,
      3,
      'has before',
    ],
    [`${path}: a tab`, edited(path, second, `\t${second.trim()}`), path, 2, 'tab'],
    [`${path}: an anchor`, edited(path, root, `${root} &a`), path, 2, 'anchor'],
    [`${path}: a tag`, edited(path, `${root}\n`, `${root}\n  Tagged: !!int 1\n`), path, 2, 'tag'],
    [`${path}: another element`, edited(path, root, `X${root}`), path, 1, 'stands where'],
    [`${path}: ${name} too far left`, edited(path, second, second.trim()), path, ANY, ''],
  ]
})

const bomb = `optionset:\n  a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
  .split('')
  .map((n, i) => `  ${n}: &${n} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join(', ')}]\n`)
  .join('')}`

const MUTATIONS: readonly Mutation[] = [
  ...IN_EACH,
  ['no root components', without(roots), roots, 1, 'is missing'],
  ['no missing dependencies', without(missing), missing, 1, 'is missing'],
  ['no list', without(listing), listing, 1, 'is missing'],
  ['no publisher', without(publisher), solution, 1, 'is missing'],
  [
    'another publisher',
    edited(solution, 'UniqueName: hangar', 'UniqueName: tower'),
    solution,
    1,
    "the publisher is 'tower'",
  ],
  ['managed source', edited(solution, 'Managed: 0', 'Managed: 1'), solution, 15, "<Managed> is '1'"],
  ['managed without value', edited(solution, 'Managed: 0', 'Managed: '), solution, 15, "<Managed> is ''"],
  ['nothing of managed', edited(solution, '    Managed: 0\n', ''), solution, 7, 'no element Managed'],
  ['nothing of a publisher', edited(solution, /Publisher:\n.*\n/, ''), solution, 7, 'no element Publisher'],
  [
    'no solution in the manifest',
    edited(solution, 'SolutionManifest', 'Manifest'),
    solution,
    1,
    'no element SolutionManifest',
  ],
  ['another list', edited(listing, 'SolutionComponents', 'Components'), listing, 1, 'stands where'],
  [
    'a list as the docs have it',
    withFile(listing, '- Path: /optionsets/fly_state\n'),
    listing,
    1,
    'holds no element',
  ],
  ['another list of roots', edited(roots, 'RootComponents', 'Roots'), roots, 1, 'stands where'],
  ['the lists swapped', withFile(missing, textOf(roots)), missing, 1, 'stands where'],
  ['no file of a table', without(table), column, 1, 'there is no entities/fly_plane/entity.yml'],
  ['no file of a column', without(column), listing, 9, 'is not in the folder'],
  ['no file of a key', without(key), listing, 11, 'is not in the folder'],
  ['no form', without(form), listing, 12, 'is not in the folder'],
  ['no ribbon', without(ribbon), listing, 13, 'is not in the folder'],
  ['no view', without(view), listing, 14, 'is not in the folder'],
  ['no relationship', without(relationship), listing, 15, 'is not in the folder'],
  ['no choice', without(choice), listing, 18, 'is not in the folder'],
  ['no definition of a flow', without(flowFile), flow, 1, flowFile],
  ['no image of an app', without(image), canvas, 1, image],
  [
    'a path without slash',
    edited(listing, "'@path': /publishers", "'@path': publishers"),
    listing,
    19,
    'begins with a slash',
  ],
  [
    'a path in other case',
    edited(listing, '/optionsets/fly_state', '/optionsets/FLY_state'),
    listing,
    18,
    'is not in the folder',
  ],
  [
    'a path that is a prefix',
    edited(listing, '/optionsets/fly_state', '/optionsets/fly_sta'),
    listing,
    18,
    'is not in the folder',
  ],
  [
    'a path twice',
    edited(listing, '/optionsets/fly_state', '/publishers/hangar'),
    listing,
    19,
    'listed twice',
  ],
  [
    'a component without path',
    edited(listing, "'@path': /publishers", "'@Path': /publishers"),
    listing,
    19,
    '@path',
  ],
  [
    'a column that nothing lists',
    edited(listing, /.*fly_name.*\n/, ''),
    column,
    1,
    'no solutioncomponents.yml lists it',
  ],
  [
    'a form that nothing lists',
    edited(listing, /.*formxml.*\n/, ''),
    form,
    1,
    'no solutioncomponents.yml lists it',
  ],
  [
    'a view that nothing lists',
    edited(listing, /.*savedqueries.*\n/, ''),
    view,
    1,
    'no solutioncomponents.yml lists it',
  ],
  [
    'a flow that nothing lists',
    edited(listing, /.*modernflows.*\n/, ''),
    flowFile,
    1,
    'no solutioncomponents.yml lists it',
  ],
  [
    'a publisher that nothing lists',
    edited(listing, /.*publishers.*\n/, ''),
    publisher,
    1,
    'no solutioncomponents.yml lists it',
  ],
  ['a file at the root', withFile('notes.txt', 'x'), 'notes.txt', 1, 'no solutioncomponents.yml lists it'],
  [
    'a copy of a column',
    withFile(column.replace('fly_name', 'fly_copy'), textOf(column)),
    column.replace('fly_name', 'fly_copy'),
    1,
    'no solutioncomponents.yml lists it',
  ],
  [
    'a copy that is listed',
    movedAndListed(
      column,
      column.replace('fly_name', 'fly_copy'),
      `/${column}`,
      `/${column.replace('fly_name', 'fly_copy')}`,
    ),
    column.replace('fly_name', 'fly_copy'),
    1,
    "makes it 'attributes/fly_name.yml'",
  ],
  [
    'a form of no type',
    movedAndListed(
      form,
      form.replace('main', 'mian'),
      `/${form.slice(0, -'/systemform.yml'.length)}`,
      `/${form.slice(0, -'/systemform.yml'.length).replace('main', 'mian')}`,
    ),
    form.replace('main', 'mian'),
    1,
    "lies in 'mian'",
  ],
  ['a form of another id', edited(form, "formid: '{3f", "formid: '{4f"), form, 1, 'what it says makes it'],
  ['a form without id', edited(form, /.*formid.*\n/, ''), form, 1, 'no element formid'],
  [
    'a view of another id',
    edited(view, "savedqueryid: '{3f", "savedqueryid: '{4f"),
    view,
    1,
    'what it says makes it',
  ],
  [
    'a table of another name',
    edited(table, "'#text': fly_Plane", "'#text': fly_Kite"),
    table,
    1,
    "makes it 'entities/fly_kite/entity.yml'",
  ],
  [
    'a choice of another name',
    edited(choice, "'@Name': fly_state", "'@Name': fly_stat"),
    choice,
    1,
    'what it says makes it',
  ],
  [
    'a choice of other case',
    edited(choice, "'@Name': fly_state", "'@Name': fly_State"),
    choice,
    1,
    'what it says makes it',
  ],
  [
    'an app of another name',
    edited(app, 'UniqueName: fly_Hangar', 'UniqueName: fly_Shed'),
    app,
    1,
    'what it says makes it',
  ],
  [
    'a relationship of another name',
    edited(relationship, 'fly_Plane_CreatedBy', 'fly_Plane_By'),
    relationship,
    1,
    'what it says makes it',
  ],
  [
    'a relationship of no type',
    edited(relationship, 'OneToMany', 'ManyToOne'),
    relationship,
    1,
    "'ManyToOne'",
  ],
  [
    'a relationship without table',
    edited(relationship, /.*ReferencedEntityName.*\n/, ''),
    relationship,
    1,
    'no element ReferencedEntityName',
  ],
  [
    'a business rule among flows',
    edited(flow, 'Category: 5', 'Category: 2'),
    flow,
    6,
    "belongs in 'portablebusinesslogics'",
  ],
  [
    'an app without document',
    edited(canvas, /.*DocumentUri.*\n/, ''),
    'canvasapps/fly_board_1a2b3/fly_board_1a2b3_DocumentUri/Header.json',
    1,
    'no component names it',
  ],
  [
    'a flow of another id',
    edited(flow, "WorkflowId': '{3f", "WorkflowId': '{4f"),
    flow,
    1,
    'what it says makes it',
  ],
  ['a bomb', withFile(choice, bomb), choice, 2, 'anchor'],
  [
    'a conflict',
    edited(choice, '  options:\n', '<<<<<<< a\n  options:\n=======\n  options:\n>>>>>>> b\n'),
    choice,
    5,
    'merge conflict',
  ],
  ['a list of elements at the top', withFile(choice, '- optionset: 1\n'), choice, 1, 'holds no element'],
  ['an empty file', withFile(choice, ''), choice, 1, 'is empty'],
  ['a text', withFile(choice, 'optionset\n'), choice, 1, 'holds no element'],
  ['JSON of other content', withFile(choice, '{"a": 1, "b": 2}\n'), choice, 1, 'a second element'],
  ['XML', withFile(choice, '<optionset Name="fly_state" />\n'), choice, 1, 'holds no element'],
  [
    'an attribute as list',
    edited(choice, "'@Name': fly_state", "'@Name':\n  - fly_state"),
    choice,
    2,
    "'@Name' has no text",
  ],
  ['an element that is no name', edited(choice, 'OptionSetType:', 'Option Set:'), choice, 4, 'no name'],
  ['markup in a name', edited(choice, 'OptionSetType:', "'a><b': "), choice, 4, 'no name'],
  [
    'a file where a folder is expected',
    withFile('entities/fly_plane/attributes.yml', 'attributes: \n'),
    'entities/fly_plane/attributes.yml',
    1,
    '',
  ],
  [
    'a folder in other case',
    movedAndListed(
      choice,
      choice.replace('optionsets', 'OptionSets'),
      '/optionsets/fly_state',
      '/OptionSets/fly_state',
    ),
    choice.replace('optionsets', 'OptionSets'),
    1,
    'no file of a component is called so',
  ],
]

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

test('there are a hundred of them and more', () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(100)
})

test.each(MUTATIONS)('%s is refused with file and line', async (_, files, file, line, problem) => {
  const tree = await openSource(yamlTree(files))
  let found: readonly { readonly file: string; readonly line?: number; readonly message: string }[] = []
  try {
    found = verifySource(tree).filter(({ severity }) => severity === 'error')
  } catch {
    // Without a manifest nothing is verified; packing says the same.
    found = tree.made?.problems ?? []
  }
  const places = found.map((item) => `${item.file}:${item.line}: ${item.message}`)
  expect(places).toContainEqual(
    expect.stringMatching(
      `^${escaped(file)}:${line === ANY ? String.raw`\d+` : line}: [^]*${escaped(problem)}`,
    ),
  )
  await expect(packSolution(tree, { packageType: 'Unmanaged' })).rejects.toThrow(
    /line|names|lists|RootComponents|solution/,
  )
})

test('a solution without its manifest is no source, and the file that is missing is named', async () => {
  const tree = await openSource(yamlTree(without(solution)))
  expect(() => verifySource(tree)).toThrow('It has solutions/Hangar without solution.yml; restore that file.')
})
