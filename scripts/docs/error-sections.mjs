/**
 * The page on error codes: a list to find a code in, then a section for each, whose heading is the code alone, so that
 * `#0x80048040` leads there.
 *
 * @param {readonly { title: string, errors: readonly { code: string, name: string, means: string,
 *   causes: readonly string[], next: string, steps?: readonly string[] }[] }[]} groups
 * @param {(head: string[], rows: string[][]) => string} table
 * @returns {string} Markdown
 */
export function errorSections(groups, table) {
  const rows = groups
    .flatMap(({ errors }) => errors)
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, means }) => [`[${code}](#${code})`, firstSentence(means)])
  const sections = groups.map(({ title, errors }) => `## ${title}\n\n${errors.map(section).join('\n\n')}`)
  return [table(['code', 'in short'], rows), ...sections].join('\n\n')
}

function section({ code, name, means, causes, next, steps = [] }) {
  return [
    `### ${code}`,
    name === '' ? means : `\`${name}\`. ${means}`,
    `Likely causes:\n\n${causes.map((cause) => `- ${cause}`).join('\n')}`,
    `**Do this:** ${next}`,
    steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const firstSentence = (text) => /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, '.') ?? text
