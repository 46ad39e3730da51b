import type { Packing } from '../packing.ts'
import type { Unpacking } from '../unpacking.ts'
import { SolutionError } from '../../../solution-error.ts'
import type { XmlElement, XmlWriter } from '../../../xml/index.ts'
import type { ReportsKind } from '../../../model/kind.ts'
import { filesOfReport, findNamed } from '../../../model/named-files.ts'
import { contentBeside } from '../element-files.ts'
import { treePathOf } from '../named-path.ts'
import { fillTemplate } from '../path-template.ts'

/** Reports with their files; nothing in this section gets namespace declarations added. */
export function unpackReports(kind: ReportsKind, section: XmlElement, archive: Unpacking): void {
  const hasReport = section.element(kind.item) !== undefined
  for (const child of section.elements()) {
    if (child.is(kind.item)) unpackReport(kind, child, archive)
    else if (!hasReport)
      archive.lose(child, 'element', `<${section.name}> holds no ${kind.item}; then nothing of it is kept`)
    else if (archive.single === undefined) {
      archive.writeElement(`${kind.otherPath}/${child.name}.xml`, 'unmanaged', child)
    }
  }
}

function unpackReport(kind: ReportsKind, report: XmlElement, archive: Unpacking): void {
  const type = report.element(kind.type)?.text.trim() ?? ''
  if (type === '') throw SolutionError.at(report, `<${report.name}> has no element ${kind.type}`)
  const isLink = type === kind.linkType
  const file = report.element(kind.file)?.text ?? ''
  if (!isLink && file === '') {
    archive.lose(
      report,
      'element',
      `a report without ${kind.file} is left out; export it again with its file`,
    )
    return
  }
  const path = fillTemplate(isLink ? kind.linkPath : kind.path, { element: report })
  if (archive.single === undefined) archive.writeElement(path, 'unmanaged', report)
  for (const named of filesOfReport(kind, report)) {
    const part = findNamed(archive.parts, named.name)
    if (part === undefined) archive.miss(named)
    else archive.writePart(treePathOf(named), 'unmanaged', part)
  }
}

/** Writes the section's other children, then the reports, and packs the reports' files. */
export function packReports(
  kind: ReportsKind,
  section: XmlElement,
  tree: Packing,
  writer: XmlWriter,
): boolean {
  const others = tree.filesIn(kind.otherPath)
  const reports = reportFiles(kind, tree)
  writer.start(section.name)
  for (const path of others) if (!reports.includes(path)) tree.write(writer, tree.element(path))
  for (const path of reports) {
    const report = tree.component(path, kind.item)
    tree.addComponent(kind, path, report)
    for (const file of filesOfReport(kind, report)) tree.packNamed(file)
    tree.write(writer, report)
  }
  writer.end()
  return others.length + reports.length > 0
}

/** The reports, without the section's other children. */
export function readReports(kind: ReportsKind, tree: Packing): readonly XmlElement[] {
  return reportFiles(kind, tree).map((path) => tree.component(path, kind.item))
}

function reportFiles(kind: ReportsKind, tree: Packing): readonly string[] {
  return tree.under(kind.otherPath).filter((path) => contentBeside(path) !== undefined)
}
