const token = /"(?:[^"\\]+|\\.)*"|[{}[\]:]/g

/**
 * The name of a member that one object has twice, of which a JSON reader keeps the last without a word.
 *
 * @param json valid JSON
 * @param names the members that are looked for; they count without regard to case
 */
export function repeatedMember(json: string, names: readonly string[]): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const open: Set<string>[] = []
  let last = ''
  for (const [mark] of json.matchAll(token)) {
    if (mark === '{' || mark === '[') open.push(new Set())
    else if (mark === '}' || mark === ']') open.pop()
    // Outside of strings a colon stands behind the name of a member only.
    else if (mark === ':') {
      const name = String(JSON.parse(last))
      const key = name.toLowerCase()
      if (wanted.has(key)) {
        if (open.at(-1)?.has(key) === true) return name
        open.at(-1)?.add(key)
      }
    }
    last = mark
  }
  return undefined
}
