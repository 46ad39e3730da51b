export { applyResources } from './apply-resources.ts'
export { type ExtractedResources, extractResources, type ResourceOptions } from './extract-resources.ts'
