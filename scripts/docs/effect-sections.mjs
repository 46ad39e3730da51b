/**
 * The page on rules of the comparison: a list, then a section for each, whose heading is the id alone, so that
 * `#column-removed` leads there.
 *
 * @param {readonly { id: string, title: string, effect: string, level: string, why: string, advice: string,
 *   kinds: readonly string[] }[]} rules
 * @param {(head: string[], rows: string[][]) => string} table
 * @returns {string} Markdown
 */
export function effectSections(rules, table) {
  const rows = rules.map(({ id, title, effect, level }) => [`[${id}](#${id})`, title, effect, level])
  const sections = rules.map(
    ({ id, title, effect, level, why, advice, kinds }) =>
      `## ${id}\n\n${title}. Effect \`${effect}\`, level \`${level}\`; of ${kinds.map((kind) => kind.replaceAll('-', ' ')).join(', ')}.\n\n${why}\n\n**Do this:** ${advice}`,
  )
  return [table(['rule', 'when', 'effect', 'level'], rows), ...sections].join('\n\n')
}
