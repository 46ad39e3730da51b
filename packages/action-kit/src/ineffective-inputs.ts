import { optionalInput } from './inputs.ts'

/**
 * Notices of the inputs of Microsoft's actions that are given and have no effect here: never silence.
 * @param why by the name of the input, words that follow a colon
 */
export function ineffectiveInputs(why: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(why)
    .filter(([input]) => optionalInput(input) !== undefined)
    .map(([input, reason]) => `Input '${input}' has no effect: ${reason}.`)
}
