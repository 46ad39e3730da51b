/**
 * Names of parts are URIs (ECMA-376 part 2, 9.1.1), so `%20` in the name of an entry is a space. What does not decode
 * stays as it is.
 */
export function decodePartName(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The name of the entry for a path, with those characters escaped that mean something in a URI. */
export function encodePartName(path: string): string {
  return path.replace(/[%#?]/g, (character) => encodeURIComponent(character))
}
