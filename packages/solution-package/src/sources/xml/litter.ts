/** What people and systems leave in a folder, in lower case; an import refuses an archive that holds it. */
const FOLDERS: ReadonlySet<string> = new Set(['__macosx', 'bin', 'obj'])
const FILES: ReadonlySet<string> = new Set(['desktop.ini', 'readme.md', 'thumbs.db'])

/**
 * Whether a file is none of a solution, going by its path: hidden, or of a name that people and systems give. A
 * component may all the same name it, as a web resource `acme_/bin/README.md`; then it is one.
 */
export function isLitter(path: string): boolean {
  const names = path.toLowerCase().split('/')
  const file = names.pop() ?? ''
  return isHidden(file) || FILES.has(file) || names.some((name) => isHidden(name) || FOLDERS.has(name))
}

/** Whether a path that looks like litter may be the element of a component, as `Roles/.NET Developer.xml`. */
export function mayBeElement(path: string): boolean {
  // The system of a Mac leaves `._x` beside each x on a disk of another kind.
  return path.endsWith('.xml') && !/(?:^|\/)(?:\._[^/]*|__MACOSX\/.*)$/i.test(path)
}

/**
 * Whether a path that looks like litter may define a component that has such a name, as `customapis/bin/customapi.xml`.
 * A build keeps copies of a whole source in folders of its own, `obj/Debug/Metadata/customapis/…`.
 */
export function mayBeDefinition(path: string): boolean {
  const names = path.toLowerCase().split('/')
  const [top = ''] = names
  return path.endsWith('.xml') && !FOLDERS.has(top) && !names.some(isHidden) && !names.includes('__macosx')
}

function isHidden(name: string): boolean {
  return name.startsWith('.')
}
