import { type MappedDisk, MappingError, mapSource, mapUnpacked, parseMapping } from './index.ts'
import { XmlError } from '../xml/index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (content: Uint8Array | undefined): string => new TextDecoder().decode(content)

const mapping = (lines: string, environment: Record<string, string> = {}) =>
  parseMapping(bytes(`<Mapping>\n${lines}\n</Mapping>`), 'map.xml', environment)

const matched = (line: string, ...paths: string[]): string[] =>
  paths.filter((path) => mapping(line).rules[0]?.matches(path))

/** A disk of files, each of which holds its own path. */
function disk(...files: string[]): MappedDisk {
  return {
    reasonToRefuse: (path) => (path.startsWith('/') ? 'lies outside' : undefined),
    isFile: (path) => files.includes(path),
    filesBelow: (folder) =>
      files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1)),
    read: (path) => bytes(path),
  }
}

/** A tree of files that hold "tree". */
const tree = (...paths: string[]) => ({ paths, read: () => bytes('tree') })

/** What is packed for each path, and what is said about it. */
function packed(lines: string, source: ReturnType<typeof tree>, files: MappedDisk) {
  const mapped = mapSource(source, mapping(lines), files)
  return {
    files: Object.fromEntries(mapped.tree.paths.map((path) => [path, textOf(mapped.tree.read(path))])),
    warnings: mapped.warnings(),
  }
}

describe('the file', () => {
  test('another root, and XML that is none, are errors that name the file', () => {
    expect(() => parseMapping(bytes('<Map/>'), 'map.xml', {})).toThrow(MappingError)
    expect(() => parseMapping(bytes('<Map/>'), 'map.xml', {})).toThrow(
      'its root is <Map> instead of <Mapping>',
    )
    expect(() => parseMapping(bytes('<Mapping>'), 'map.xml', {})).toThrow(XmlError)
  })

  test('lines that cannot be used are ignored with a warning', () => {
    const { rules, warnings } = mapping(
      '<File map="a" to="b"/>\n<FileToFile map="a"/>\n<Folder to="b"/>\n<Folder map="a" to="b"/>',
    )
    expect(rules.map(({ kind, line }) => [kind, line])).toEqual([['Folder', 5]])
    expect(warnings).toEqual([
      'map.xml, line 2: <File> is unknown and ignored.',
      "map.xml, line 3: <FileToFile> lacks 'map' or 'to' and is ignored.",
      "map.xml, line 4: <Folder> lacks 'map' or 'to' and is ignored.",
    ])
  })

  test('backslashes separate, and %NAME% comes from the environment', () => {
    const { rules } = mapping('<FileToFile map="WebResources\\a.js" to="%OUT%\\js\\%NONE%\\a.js"/>', {
      OUT: 'C:\\out',
    })
    expect(rules[0]?.to).toBe('C:/out/js/%NONE%/a.js')
    expect(rules[0]?.matches('webresources/A.JS')).toBe(true)
  })
})

test.each([
  ['a bare name', '<FileToFile map="w.js" to="x"/>', ['W.js', 'WebResources/acme_/js/w.js']],
  ['a whole path', '<FileToFile map="WebResources/acme_/js/w.js" to="x"/>', ['WebResources/acme_/js/w.js']],
  ['a part of a path', '<FileToFile map="acme_/js/w.js" to="x"/>', []],
  [
    'a pattern',
    '<FileToPath map="WebResources/**/*.*" to="x/**"/>',
    ['WebResources/acme_/js/w.js', 'WebResources/acme_/js/lib/v.txt', 'WebResources/s.css'],
  ],
  [
    'a folder and all below it',
    '<Folder map="WebResources/ACME_/js/" to="x"/>',
    ['WebResources/acme_/js/w.js', 'WebResources/acme_/js/lib/v.txt'],
  ],
  ['an element by name', '<FileToFile map="w.js.data.xml" to="x"/>', ['WebResources/acme_/js/w.js.data.xml']],
])('%s', (_, line, expected) => {
  const found = matched(
    line,
    'W.js',
    'WebResources/acme_/js/w.js',
    'WebResources/acme_/js/w.js.data.xml',
    'WebResources/acme_/js/lib/v.txt',
    'WebResources/s.css',
    'Roles/Clerk.xml',
  )
  expect(found).toEqual(expected)
})

describe('packing', () => {
  const source = tree(
    'Other/Solution.xml',
    'WebResources/js/a.js',
    'WebResources/js/a.js.data.xml',
    'Assets/x.txt',
  )

  test('a file that is mapped is read from its target, once, and a line without a file is reported', () => {
    expect(
      packed(
        '<FileToFile map="a.js" to="../a.js"/>\n<FileToFile map="b.js" to="../b.js"/>',
        source,
        disk('../a.js', '../b.js'),
      ),
    ).toEqual({
      files: {
        'Assets/x.txt': 'tree',
        'Other/Solution.xml': 'tree',
        'WebResources/js/a.js': '../a.js',
        'WebResources/js/a.js.data.xml': 'tree',
      },
      warnings: ["The map file's line 3 (FileToFile 'b.js') fits no file of the solution."],
    })
  })

  test('a target that is not there: the file of the folder, with a warning', () => {
    const { files, warnings } = packed('<FileToFile map="a.js" to="../a.js"/>', source, disk())
    expect(files['WebResources/js/a.js']).toBe('tree')
    expect(warnings).toEqual([
      expect.stringContaining("sends WebResources/js/a.js to '../a.js', where it is not"),
    ])
  })

  test('a content that only its build has is there for the component that names it', () => {
    const mapped = mapSource(
      tree('PluginAssemblies/p/p.dll.data.xml'),
      mapping('<FileToFile map="p.dll" to="../bin/p.dll"/>\n<FileToFile map="q.dll" to="../bin/q.dll"/>'),
      disk('../bin/p.dll'),
    )
    expect(mapped.tree.offers?.('PluginAssemblies/p/p.dll')).toBe(true)
    expect(textOf(mapped.tree.read('PluginAssemblies/p/p.dll'))).toBe('../bin/p.dll')
    expect(mapped.tree.offers?.('PluginAssemblies/q/q.dll')).toBe(false)
    expect(mapped.tree.offers?.('PluginAssemblies/r/r.dll')).toBe(false)
    expect(mapped.warnings()).toEqual([
      "The map file sends PluginAssemblies/q/q.dll to '../bin/q.dll', where it is not; nor is it in the folder.",
    ])
  })

  test('a line that leads where it must not is refused before anything is read, and so are all others like it', () => {
    const lines =
      '<FileToFile map="a.js" to="../a.js"/>\n<FileToFile map="b.js" to="/proc/self/environ"/>\n<Folder map="x" to="/etc"/>'
    const act = (): unknown => packed(lines, source, disk('../a.js'))
    expect(act).toThrow(MappingError)
    expect(act).toThrow(
      /line 3: '\/proc\/self\/environ' lies outside\nmap\.xml, line 4: '\/etc' lies outside\n.*allow-outside-workspace: true/,
    )
  })

  test('the first line that fits counts', () => {
    const lines =
      '<FileToFile map="a.js" to="../1.js"/>\n<FileToFile map="WebResources/js/a.js" to="../2.js"/>'
    const { files, warnings } = packed(lines, source, disk('../1.js', '../2.js'))
    expect(files['WebResources/js/a.js']).toBe('../1.js')
    expect(warnings).toEqual([expect.stringContaining('line 3')])
  })

  test('Other/ is never mapped', () => {
    const { files } = packed('<FileToPath map="**/*.xml" to="../x/**"/>', source, disk('../x/Solution.xml'))
    expect(files['Other/Solution.xml']).toBe('tree')
  })

  test('** in the target: any depth', () => {
    const line = '<FileToFile map="a.js" to="../bin/**/a.js"/>'
    expect(packed(line, source, disk('../bin/Release/net462/a.js')).files['WebResources/js/a.js']).toBe(
      '../bin/Release/net462/a.js',
    )
  })

  test('FileToPath: of two files of one name the one whose folders are the same, else a warning', () => {
    const two = tree('WebResources/a/index.js', 'WebResources/b/index.js')
    const line = '<FileToPath map="WebResources\\**\\*.*" to="..\\web\\**"/>'
    expect(packed(line, two, disk('../web/a/index.js', '../web/b/index.js'))).toEqual({
      files: {
        'WebResources/a/index.js': '../web/a/index.js',
        'WebResources/b/index.js': '../web/b/index.js',
      },
      warnings: [],
    })
    const { files, warnings } = packed(
      line,
      tree('WebResources/c/index.js'),
      disk('../web/a/index.js', '../web/b/index.js'),
    )
    expect(files['WebResources/c/index.js']).toBe('../web/a/index.js')
    expect(warnings).toEqual([
      expect.stringContaining('several files fit; ../web/a/index.js is used, not ../web/b/index.js'),
    ])
  })

  test('FileToPath without **: that folder alone', () => {
    const line = '<FileToPath map="a.js" to="../web"/>'
    expect(packed(line, source, disk('../web/sub/a.js')).files['WebResources/js/a.js']).toBe('tree')
    expect(packed(line, source, disk('../web/a.js')).files['WebResources/js/a.js']).toBe('../web/a.js')
  })

  test('Folder: the contents of components by name; elements stay', () => {
    const { files, warnings } = packed(
      '<Folder map="WebResources/js" to="../js"/>',
      source,
      disk('../js/a.js', '../js/more.js'),
    )
    expect(files).toMatchObject({
      'WebResources/js/a.js': '../js/a.js',
      'WebResources/js/a.js.data.xml': 'tree',
    })
    expect(files).not.toHaveProperty(['WebResources/js/more.js'])
    expect(warnings).toEqual([])
  })

  test('Folder: a loose folder gets all files of its target', () => {
    const { files, warnings } = packed(
      '<Folder map="Assets" to="../assets"/>',
      source,
      disk('../assets/x.txt', '../assets/sub/y.txt'),
    )
    expect(files).toMatchObject({
      'Assets/x.txt': '../assets/x.txt',
      'Assets/sub/y.txt': '../assets/sub/y.txt',
    })
    expect(warnings).toEqual([])
  })
})

describe('unpacking', () => {
  const made = new Set(['Other/Solution.xml', 'WebResources/js/a.js.data.xml'])
  const files = new Map(
    [
      ...made,
      'WebResources/js/a.js',
      'WebResources/js/sub/b.js',
      'Assets/x.txt',
      'Assets/sub/y.txt',
      'packages/p/package/p.nupkg',
    ].map((path) => [path, bytes(path)]),
  )
  files.set(
    'packages/p/packages.xml',
    bytes('<packages><package mimetype="a/b">p.nupkg</package></packages>'),
  )
  const unpacked = (lines: string, built = disk()) => {
    const mapped = mapUnpacked(files, mapping(lines), made, built)
    const kept = new Set(mapped.files.keys())
    return {
      left: [...files.keys()].filter((path) => !kept.has(path)),
      outside: [...mapped.outside].map(([to, found]) => [to, [...found.keys()]]),
      warnings: mapped.warnings,
    }
  }

  test.each([
    ['a web resource', '<FileToFile map="a.js" to="../a.js"/>', ['WebResources/js/a.js']],
    ['a package', '<FileToFile map="p.nupkg" to="../p.nupkg"/>', ['packages/p/package/p.nupkg']],
    [
      'a folder and all below it',
      '<Folder map="WebResources/js" to="../js"/>',
      ['WebResources/js/a.js', 'WebResources/js/sub/b.js'],
    ],
    [
      'a pattern',
      '<FileToPath map="**/*.*" to="../x/**"/>',
      ['WebResources/js/a.js', 'WebResources/js/sub/b.js', 'packages/p/package/p.nupkg'],
    ],
  ])(
    'the content of a component is written nowhere, but what describes it stays: %s',
    (_, line, expected) => {
      expect(unpacked(line)).toEqual({ left: expected, outside: [], warnings: [] })
    },
  )

  test('a file that nothing names stays, since packing would not find it elsewhere', () => {
    expect(unpacked('<FileToFile map="x.txt" to="../x.txt"/>')).toEqual({
      left: [],
      outside: [],
      warnings: [],
    })
  })

  test('a loose folder goes to its target with all below it; a content that was built there stays as it is', () => {
    expect(unpacked('<Folder map="Assets" to="../assets"/>')).toEqual({
      left: ['Assets/x.txt', 'Assets/sub/y.txt'],
      outside: [['../assets', ['x.txt', 'sub/y.txt']]],
      warnings: [],
    })
    const line = '<Folder map="packages" to="../packages"/>'
    expect(unpacked(line).outside).toEqual([['../packages', ['p/package/p.nupkg', 'p/packages.xml']]])
    expect(unpacked(line, disk('../packages/p/package/p.nupkg')).outside).toEqual([
      ['../packages', ['p/packages.xml']],
    ])
  })

  test('a line that fits nothing is reported', () => {
    expect(
      unpacked('<FileToFile map="a.js" to="../a.js"/>\n<Folder map="None" to="../b"/>').warnings,
    ).toEqual(["The map file's line 3 (Folder 'None') fits no file of the solution."])
  })

  test('a line that leads where it must not is refused', () => {
    expect(() => unpacked('<Folder map="Assets" to="/etc"/>')).toThrow(MappingError)
  })
})
