export { contentTypes } from './content-types.ts'
export { openPackage, type PackageParts, type Part } from './package-parts.ts'
export { decodePartName, encodePartName, statedPartName } from './part-name.ts'
