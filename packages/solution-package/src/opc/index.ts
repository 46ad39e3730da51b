export { contentTypes } from './content-types.ts'
export { openPackage, type PackageParts } from './package-parts.ts'
export { decodePartName, encodePartName, statedPartName } from './part-name.ts'
