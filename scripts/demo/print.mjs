// What the demo shows: a numbered step with its time, facts below it, and the messages of the action.
const colour = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code) => (text) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text)
const [bold, dim, red, yellow, green] = [1, 2, 31, 33, 32].map(paint)
const levels = { error: red('error  '), warning: yellow('warning'), notice: dim('notice ') }

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`

export function heading(text) {
  console.log(`\n${bold(text)}`)
}

export function step(number, text, milliseconds) {
  console.log(
    `\n${green(String(number).padStart(2))}  ${bold(text)}${milliseconds === undefined ? '' : dim(`  ${seconds(milliseconds)}`)}`,
  )
}

/** @param {[string, string | undefined][]} rows name and value; rows without a value are left out */
export function facts(rows) {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  for (const [name, value] of shown) console.log(`    ${dim(name.padEnd(width))}  ${value}`)
}

export function lines(items) {
  for (const item of items) console.log(`    ${item}`)
}

const maxMessageLines = 8

/** The messages of an action; a long one is cut, since the log has it whole. */
export function messages(items) {
  for (const { level, text } of items) {
    const all = text.split('\n')
    const shown = all.slice(0, maxMessageLines)
    if (shown.length < all.length) shown.push(`and ${all.length - shown.length} more lines, in the log`)
    console.log(`    ${levels[level]}  ${shown.join('\n             ')}`)
  }
}
