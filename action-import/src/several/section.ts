import type { Summary } from '@dsa/action-kit'

/** A part of a summary that is written after what comes to be known later. */
export interface Section {
  readonly summary: Summary
  writeTo(summary: Summary): void
}

/** Notes the summary of one solution; how it ended becomes a heading of the part, not of the whole. */
export function startSection(): Section {
  const notes: ((summary: Summary) => void)[] = []
  const note = (write: (summary: Summary) => void): void => void notes.push(write)
  let ended: ((summary: Summary) => void) | undefined
  return {
    summary: {
      outcome(_, title, facts = []) {
        ended = (summary) => {
          summary.heading(title)
          if (facts.length > 0) summary.text(facts.join(' · '))
        }
      },
      heading: (text) => note((summary) => summary.heading(text)),
      text: (text) => note((summary) => summary.text(text)),
      table: (header, rows) => note((summary) => summary.table(header, rows)),
      list: (items) => note((summary) => summary.list(items)),
      facts: (facts) => note((summary) => summary.facts(facts)),
      markdown: (text) => note((summary) => summary.markdown(text)),
      folded: (title, work) => note((summary) => summary.folded(title, work)),
    },
    writeTo(summary) {
      ended?.(summary)
      for (const write of notes) write(summary)
    },
  }
}
