/**
 * Every action of Microsoft's for solutions and every input of it, with what takes its place.
 *
 * @param {Readonly<Record<string, { ours: string, inputs: readonly string[], instead: Readonly<Record<string, string>>,
 *   note?: string }>>} actions
 * @param {Readonly<Record<string, Readonly<Record<string, string>>>>} deliberate reasons why ours declares an input
 *   otherwise, by the folder of ours and the name of the input
 * @param {(folder: string) => { inputs: Readonly<Record<string, { deprecationMessage?: string }>> }} readAction
 * @param {(head: string[], rows: string[][]) => string} table
 * @returns {string} Markdown
 */
export function officialSections(actions, deliberate, readAction, table) {
  const overview = table(
    ['microsoft/powerplatform-actions', 'here'],
    Object.entries(actions).map(([name, { ours, note = '' }]) => [
      `[\`${name}\`](#${name})`,
      [ours === '' ? '' : `[${ours}](../${ours}/README.md)`, note].filter((part) => part !== '').join('. '),
    ]),
  )
  const sections = Object.entries(actions).map(([name, { ours, inputs, instead }]) => {
    const declared = ours === '' ? {} : readAction(ours).inputs
    const rows = inputs.map((input) => [
      `\`${input}\``,
      instead[input] ?? meaning(declared[input], deliberate[ours]?.[input]),
    ])
    return `### ${name}\n\n${table(['input', 'here'], rows)}`
  })
  return [overview, ...sections].join('\n\n')
}

function meaning(input, reason) {
  if (input === undefined) return 'not needed'
  if (input.deprecationMessage !== undefined) return 'accepted; no effect, and a notice says so'
  return reason === undefined ? 'the same' : `the same; ${reason}`
}
