export {
  type ComparedSolution,
  type ConfigurationOrigin,
  type DiffReport,
  type InstalledSolution,
  makeReport,
  openEffects,
  type ReportedChange,
  type ReportedEffect,
} from './report/diff-report.ts'
export { reportMarkdown } from './report/markdown.ts'
export { findCommit } from './sides/find-commit.ts'
export { openRepository, type Repository } from './sides/git.ts'
export { treeOnDisk } from './sides/on-disk.ts'
export { openSide } from './sides/open-side.ts'
export { Commit, solutionFolders } from './sides/revision.ts'
