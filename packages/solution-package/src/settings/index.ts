export { settingsFor } from './settings-for.ts'
export {
  type ConnectionSetting,
  type DeploymentSettings,
  formatSettings,
  parseSettings,
  type VariableSetting,
} from './settings-file.ts'
export {
  checkValue,
  unreplacedToken,
  type VariableDefinition,
  variableDefinitions,
  variableType,
  type VariableType,
} from './variable-type.ts'
