export { componentTypeName } from '@dsa/solution-package'
