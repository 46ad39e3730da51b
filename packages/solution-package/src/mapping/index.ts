export { mapSource, type MappedDisk, type MappedSource } from './map-source.ts'
export { mapUnpacked, type MappedFiles } from './map-unpacked.ts'
export { type Mapping, MappingError, parseMapping } from './mapping.ts'
