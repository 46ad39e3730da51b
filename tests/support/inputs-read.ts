import { jest } from '@jest/globals'
import { readAction } from './actions.ts'

/**
 * Reads the inputs of an action as it does at its start, with a variable for each input that is given and the defaults
 * of `action.yml` for the rest.
 *
 * @returns what the action makes of them, and the names of the variables that it looked at
 */
export function readWith<Inputs>(
  folder: string,
  readInputs: () => Inputs,
  given: Readonly<Record<string, string>>,
): { readonly inputs: Inputs; readonly looked: readonly string[] } {
  const defaults = Object.entries(readAction(folder).inputs).map(([name, input]) => [
    name,
    input.default ?? '',
  ])
  const values = { ...Object.fromEntries(defaults), ...given }
  const variables = Object.entries(values).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const looked = new Set<string>()
  const before = process.env
  process.env = new Proxy<NodeJS.ProcessEnv>(Object.fromEntries(variables), {
    get(target, name) {
      if (typeof name !== 'string') return undefined
      if (name.startsWith('INPUT_')) looked.add(name.slice('INPUT_'.length).toLowerCase())
      return target[name]
    },
  })
  // Secrets are masked as they are read, by commands that the log of a test needs not.
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    return { inputs: readInputs(), looked: [...looked] }
  } finally {
    write.mockRestore()
    process.env = before
  }
}
