import { runningReports } from './reports-on-running.mjs'
import { solutionReports } from './reports-on-solutions.mjs'
import { testsByNumber } from './tests-by-number.mjs'

/**
 * Reports on one subject. A test that shows an answer has the number in its name; without one, the last text says why.
 *
 * @typedef {readonly [title: string, reports: readonly (readonly [number: string, report: string, here: string, noTest?: string])[]]} ReportGroup
 */

const reports = [...runningReports, ...solutionReports]

/**
 * A table for each subject: what is reported, what happens here, and the tests that show it.
 *
 * @param {(head: string[], rows: string[][]) => string} table
 * @returns {string} Markdown
 */
export function reportSections(table) {
  const tests = testsByNumber()
  const all = reports.flatMap(([, rows]) => rows)
  const shown = all.filter(([id]) => tests.has(id)).length
  const sections = reports.map(
    ([title, rows]) =>
      `## ${title}\n\n${table(
        ['', 'what users report', 'what happens here', 'test, or why none'],
        rows.map(([id, report, here, noTest]) => [id, report, here, proof(tests.get(id), noTest)]),
      )}`,
  )
  return [`${shown} of ${all.length} are shown by a test.`, ...sections].join('\n\n')
}

function proof(tests, noTest) {
  if (tests === undefined) return `_No test: ${noTest}._`
  return [...new Set(tests)]
    .map((file) => `[${file.slice(file.lastIndexOf('/') + 1, -'.test.ts'.length)}](../${file})`)
    .join(', ')
}
