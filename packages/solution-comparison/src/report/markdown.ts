import { counted } from '@dsa/user-error'
import { areasOf } from './areas.ts'
import { shownComponents } from './component.ts'
import type { ComparedSolution, ConfigurationOrigin, DiffReport, ReportedChange } from './diff-report.ts'
import { findings, newlyAccepted } from './findings.ts'
import { fit, type Section, type SolutionPage } from './fit.ts'
import { headline, inWords, noise, titleOf } from './headline.ts'
import { relationDiagram } from './relation-diagram.ts'
import { bold, code } from './text.ts'

export interface MarkdownOptions {
  /** Bytes of UTF-8 that the text does not pass. */
  readonly maxBytes: number
  /** The address of a page of the documentation, such as `docs/diff-rules.md#column-removed`. */
  readonly pageOf: (page: string) => string
  /** The address of the whole report, where it is kept. */
  readonly fullReport?: string | undefined
}

/** So many rows are shown without a click. */
const OPEN_ROWS = 30
const MOST_FILES = 20
const FEW_FINDINGS = 3

/**
 * The report for people, in GitHub's Markdown: job summary, comment, body of a pull request. It can be read as plain
 * text too.
 */
export function reportMarkdown(report: DiffReport, options: MarkdownOptions): string {
  const { solutions } = report
  const where = placeOfReport(options)
  return `${fit(
    solutions.map((solution) => pageOf(solution, report, options)),
    options.maxBytes,
    (count, what) => `_${counted(count, `more ${what}`)}: ${where}_\n\n`,
  ).trimEnd()}\n`
}

/** Where all of it is, as Markdown. */
function placeOfReport({ fullReport }: MarkdownOptions): string {
  return fullReport === undefined ? 'in the full report' : `in the [full report](${fullReport})`
}

function pageOf(solution: ComparedSolution, report: DiffReport, options: MarkdownOptions): SolutionPage {
  const { changes, unexplained, quiet, installed } = solution
  const title = titleOf(solution, report.solutions.length - 1)
  const told = withoutVersion(changes)
  if (told.length === 0 && unexplained.length === 0 && !hasFindings(changes))
    return {
      head: `**${title}**: ${changes.length === 0 ? 'no component changed' : 'only the version changed'}${noise(
        quiet.files,
      )
        .map((text) => `, ${text}`)
        .join('')}${installed === undefined ? '' : `, compared with ${inWords(installed)}`}.\n\n`,
      findings: [],
      diagram: '',
      sections: [],
      foot: '',
    }
  const listOf = (most?: number): string =>
    findings(changes, (rule) => options.pageOf(`docs/diff-rules.md#${rule}`), placeOfReport(options), most)
  const accepted = newlyAccepted(changes, placeOfReport(options))
  return {
    head: `### ${title}\n\n${headline(solution)}\n\n`,
    findings: [listOf() + accepted, listOf(FEW_FINDINGS)],
    diagram: relationDiagram(solution),
    sections: sectionsOf(told, unexplained),
    foot: `${footer(solution, report, options)}\n\n`,
  }
}

/** The version stands in the title. */
function withoutVersion(changes: readonly ReportedChange[]): readonly ReportedChange[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'solution') return [change]
    const properties = change.properties.filter(({ label }) => label !== 'Version')
    return properties.length === 0 ? [] : [{ ...change, properties }]
  })
}

function sectionsOf(
  changes: readonly ReportedChange[],
  unexplained: ComparedSolution['unexplained'],
): readonly Section[] {
  let rows = 0
  const sections = areasOf(changes).map(({ title, changes: own }): Section => {
    const components = shownComponents(own)
    for (const { rows: cells, below } of components) rows += `${cells}${below}`.match(/^\|/gm)?.length ?? 1
    return { title, isOpen: rows <= OPEN_ROWS, components }
  })
  if (unexplained.length === 0) return sections
  const files = unexplained.slice(0, MOST_FILES).map(({ file, change }) => `- ${code(file)} ${change}\n`)
  const more = unexplained.length - files.length
  return [
    ...sections,
    {
      title: `Not explained · ${counted(unexplained.length, 'file')}`,
      isOpen: false,
      components: [
        { count: 0, rows: '', below: `${files.join('')}${more > 0 ? `- and ${more} more\n` : ''}\n` },
      ],
    },
  ]
}

function footer(
  solution: ComparedSolution,
  { compared, configuration }: DiffReport,
  options: MarkdownOptions,
): string {
  const { suggestedVersion, head, changes, installed } = solution
  return [
    ...(suggestedVersion === null || suggestedVersion === head?.version
      ? []
      : [`Suggested version ${bold(suggestedVersion)}`]),
    `${installed === undefined ? code(compared.base) : inWords(installed)} … ${code(compared.head)}`,
    ...(options.fullReport === undefined ? [] : [`[full report](${options.fullReport})`]),
    ...(configuration === null ? [] : [rulesOf(configuration)]),
    ...(hasFindings(changes)
      ? [`accept a finding: [how](${options.pageOf('docs/review.md#accept-a-finding')})`]
      : []),
  ].join(' · ')
}

/** By whose word findings are told or left out. */
function rulesOf({ file, revision, isChanged }: ConfigurationOrigin): string {
  const where = revision === null ? '' : ` of ${code(revision)}`
  return `levels by ${code(file)}${where}${isChanged ? ', which this pull request changes for later ones' : ''}`
}

function hasFindings(changes: readonly ReportedChange[]): boolean {
  return changes.some(({ effects }) => effects.length > 0)
}
