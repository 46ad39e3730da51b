export { type DeploymentSettings, readSettings, settingsFor } from './settings-file.ts'
