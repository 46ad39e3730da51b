/** A file with current values of environment variables, which an import sets in the environment. */
export interface VariableValues {
  /** Of the variable, as its folder is called; undefined where one file has the values of all. */
  readonly schemaName: string | undefined
}

/** Beside the definition of a variable, in archive and tree alike. */
export const VALUE_FILE = 'environmentvariablevalues.json'

/** The old form, of the section `EnvironmentVariables`: at the root of the archive, in a folder of the tree. */
export const VALUES_OF_ALL = 'environment_variable_values.json'
export const VALUES_OF_ALL_IN_TREE = `EnvironmentVariables/${VALUES_OF_ALL}`

const ofOne = new RegExp(`^environmentvariabledefinitions/([^/]+)/${VALUE_FILE}$`, 'i')
const ofAll = new RegExp(`^(?:EnvironmentVariables/)?${VALUES_OF_ALL}$`, 'i')

/** @param path of a file of an archive or of an unpacked solution */
export function variableValues(path: string): VariableValues | undefined {
  const schemaName = ofOne.exec(path)?.[1]
  return schemaName === undefined && !ofAll.test(path) ? undefined : { schemaName }
}
