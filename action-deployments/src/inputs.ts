import { InputError, requiredInput, requiredNameInput } from '@dsa/action-kit'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    environments: environments(requiredInput('environments')),
    recordPrefix: requiredNameInput('record-prefix'),
  }
}

/** An empty name is one that a workflow leaves out. */
function environments(text: string): readonly string[] {
  const parsed = parse(text)
  const names = Array.isArray(parsed) ? parsed.flat(3) : [parsed]
  if (names.every((name) => typeof name === 'string')) return names.filter((name) => name !== '')
  throw new InputError(
    `Input 'environments' is '${text.slice(0, 200)}'; it must be a list of names in JSON, such as ["test", "production"] or ["pilot", ["eu", "us"]].`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
