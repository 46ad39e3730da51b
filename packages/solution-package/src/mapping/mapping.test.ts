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
      'map.xml, line 3: <FileToFile> lacks "map" or "to" and is ignored.',
      'map.xml, line 4: <Folder> lacks "map" or "to" and is ignored.',
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
  ['a folder', '<Folder map="WebResources/acme_/js" to="x"/>', ['WebResources/acme_/js/w.js']],
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
      warnings: ['The map file\'s line 3 (FileToFile "b.js") fits no file of the solution.'],
    })
  })

  test('a target that is not there: the file of the folder, with a warning', () => {
    const { files, warnings } = packed('<FileToFile map="a.js" to="../a.js"/>', source, disk())
    expect(files['WebResources/js/a.js']).toBe('tree')
    expect(warnings).toEqual([
      expect.stringContaining('sends WebResources/js/a.js to "../a.js", where it is not'),
    ])
  })

  test('a content that only its build has gets in', () => {
    const { files } = packed(
      '<FileToFile map="p.dll" to="../bin/p.dll"/>',
      tree('PluginAssemblies/p/p.dll.data.xml'),
      disk('../bin/p.dll'),
    )
    expect(files).toEqual({
      'PluginAssemblies/p/p.dll': '../bin/p.dll',
      'PluginAssemblies/p/p.dll.data.xml': 'tree',
    })
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

const isLoose = (path: string): boolean => path.startsWith('Assets/')

describe('unpacking', () => {
  const files = new Map(
    [
      'Other/Solution.xml',
      'WebResources/js/a.js',
      'WebResources/js/a.js.data.xml',
      'Assets/x.txt',
      'Assets/sub/y.txt',
    ].map((path) => [path, bytes(path)]),
  )
  const unpacked = (lines: string) => {
    const mapped = mapUnpacked(files, mapping(lines), isLoose)
    return {
      kept: [...mapped.files.keys()],
      outside: [...mapped.outside].map(([to, found]) => [to, [...found.keys()]]),
      warnings: mapped.warnings,
    }
  }

  test('a mapped file of a component is written nowhere', () => {
    const { kept, outside, warnings } = unpacked(
      '<FileToFile map="a.js" to="../a.js"/>\n<Folder map="None" to="../b"/>',
    )
    expect(kept).not.toContain('WebResources/js/a.js')
    expect(kept).toHaveLength(4)
    expect(outside).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('line 3 (Folder "None") fits no file')])
  })

  test('the element of a component stays when its folder is mapped', () => {
    expect(unpacked('<Folder map="WebResources/js" to="../js"/>').kept).toContain(
      'WebResources/js/a.js.data.xml',
    )
    expect(unpacked('<FileToPath map="WebResources/**/*.*" to="../js/**"/>').kept).toContain(
      'WebResources/js/a.js.data.xml',
    )
  })

  test('a loose folder goes to its target, exactly that folder', () => {
    const { kept, outside } = unpacked('<Folder map="Assets" to="../assets"/>')
    expect(outside).toEqual([['../assets', ['x.txt']]])
    expect(kept).toContain('Assets/sub/y.txt')
    expect(kept).not.toContain('Assets/x.txt')
  })
})
