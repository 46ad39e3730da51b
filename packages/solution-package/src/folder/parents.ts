/** The folders that a path with `/` lies in, outermost first. */
export function parentsOf(path: string): readonly string[] {
  const parents: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at))
  return parents
}
