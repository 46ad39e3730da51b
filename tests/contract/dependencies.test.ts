import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root, sourceFiles } from '../support/actions.ts'
import { importsOf } from '../support/syntax.ts'

/** Who may depend on whom; a name that ends in `*` stands for all that begin so. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'action-*': [
    '@dsa/action-kit',
    '@dsa/connected-action',
    '@dsa/dataverse-client',
    '@dsa/solution-comparison',
    '@dsa/solution-package',
    '@dsa/user-error',
  ],
  'action-diff': ['yaml'],
  'packages/action-kit': ['@actions/*', '@dsa/user-error'],
  'packages/connected-action': [
    '@dsa/action-kit',
    '@dsa/dataverse-auth',
    '@dsa/dataverse-client',
    '@dsa/solution-package',
    '@dsa/user-error',
  ],
  'packages/dataverse-auth': ['@azure/msal-node', 'node-forge', '@dsa/dataverse-client', '@dsa/user-error'],
  'packages/dataverse-client': ['undici', '@dsa/user-error'],
  'packages/dataverse-emulator': ['@dsa/solution-package', '@dsa/user-error', 'jszip'],
  'packages/solution-comparison': ['@dsa/action-kit', '@dsa/solution-package', '@dsa/user-error'],
  'packages/user-error': ['fastest-levenshtein'],
  'packages/solution-package': ['diff', 'fflate', 'minimatch', 'lcid', 'yaml', '@dsa/user-error'],
}

const folders = ['packages', '.'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .map((name) => relative(root, join(root, parent, name)).replaceAll('\\', '/'))
    .filter((folder) => Object.keys(allowed).some((pattern) => matches(folder, pattern)))
    // An action that is made of others is no package.
    .filter((folder) => existsSync(join(root, folder, 'package.json'))),
)

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function dependenciesOf(folder: string): readonly string[] {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  )
  return Object.keys(dependencies)
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

test('every package of the workspace has its row', () => {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  expect(folders).toEqual(expect.arrayContaining(packages))
})

describe.each(folders)('%s', (folder) => {
  test('depends on what it may', () => {
    const patterns = Object.entries(allowed).flatMap(([owner, names]) =>
      matches(folder, owner) ? names : [],
    )
    const others = dependenciesOf(folder).filter(
      (name) => !patterns.some((pattern) => matches(name, pattern)),
    )
    expect(others).toEqual([])
  })

  test('imports what it depends on, and nothing of another folder by its path', () => {
    const known = new Set(dependenciesOf(folder))
    const wrong = sourceFiles(folder).flatMap((file) =>
      importsOf(file)
        .filter((name) =>
          name.startsWith('.')
            ? relative(join(root, folder), resolve(dirname(file), name)).startsWith('..')
            : !name.startsWith('node:') && !known.has(packageName(name)),
        )
        .map((name) => `${relative(root, file)}: ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('uses each of its dependencies', () => {
    const used = new Set(sourceFiles(folder).flatMap(importsOf).map(packageName))
    expect(dependenciesOf(folder).filter((name) => !used.has(name))).toEqual([])
  })
})
