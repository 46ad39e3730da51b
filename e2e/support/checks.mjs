// The report: what a run gave, then one line a check.
const results = []

/** @param {() => void | Promise<void>} work throws when the check fails */
export async function check(name, work) {
  try {
    await work()
    results.push({ name })
  } catch (error) {
    results.push({ name, error })
  }
}

/** Prints what a person would look at after a run. */
export function show(title, { jobs, outputs, summaries, errors, masked, log }, artifacts) {
  console.log(`\n== ${title}`)
  console.log(
    `jobs: ${Object.entries(jobs)
      .map((pair) => pair.join(' '))
      .join(', ')}`,
  )
  for (const [step, values] of Object.entries(outputs)) {
    console.log(`outputs of ${step}:`)
    for (const [name, value] of Object.entries(values)) console.log(`  ${name} = ${value}`)
  }
  for (const summary of summaries) console.log(`summary:\n${indented(summary.trim())}`)
  for (const { name, files } of artifacts) {
    console.log(`artifact ${name}:`)
    for (const [file, sha256] of Object.entries(files)) console.log(`  ${file}, sha256 ${sha256}`)
  }
  for (const error of errors) console.log(`error: ${error}`)
  const tokens = masked.filter((value) => value.startsWith('eyJ')).length
  console.log(`masked: ${masked.length} values, ${tokens} of them access tokens`)
  for (const line of log.filter((item) => item.includes('***'))) console.log(`log: ${line.trim()}`)
}

const indented = (text) => text.replace(/^/gm, '  ')

export function conclude() {
  console.log('\n== checks')
  for (const { name, error } of results) {
    console.log(`${error ? 'FAILED' : 'ok    '}  ${name}`)
    if (error) console.log(indented(String(error.message)))
  }
  const failed = results.filter(({ error }) => error).length
  console.log(`\ne2e: ${results.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}
