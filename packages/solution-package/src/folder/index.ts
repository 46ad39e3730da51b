export { FolderError } from './folder-error.ts'
export type { LineEndings } from './line-endings.ts'
export { mirrorFolder, type MirrorOptions, type MirrorResult } from './mirror-folder.ts'
export { readFolder } from './read-folder.ts'
