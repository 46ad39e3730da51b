import { InputError } from '@dsa/action-kit'
import { type NamedRows, TABLE_DEFINITIONS } from '@dsa/dataverse-client'
import { componentNamed, componentOfType, COMPONENTS, NUMBERED_TYPES } from '@dsa/solution-package'
import { didYouMean } from '@dsa/user-error'

/** A kind of component, by its number, or by its name where each environment has a number of its own for it. */
export interface ComponentKind {
  readonly type: number | undefined
  readonly label: string
  /** Such as `connectionreference`; '' for a number that only the environment knows. */
  readonly platformName: string
}

const KINDS = [...Object.values(COMPONENTS), ...Object.values(NUMBERED_TYPES)]

/**
 * The kind of a number, of a name that makers use, or of one that the platform uses.
 * @throws InputError naming the input
 */
export function kindNamed(input: string, text: string): ComponentKind {
  if (/^\d+$/.test(text)) {
    const row = componentOfType(Number(text))
    return {
      type: Number(text),
      label: row?.label ?? `Component of type ${text}`,
      platformName: row?.platformName ?? '',
    }
  }
  const plain = text.toLowerCase()
  const row =
    KINDS.find(({ label }) => label.toLowerCase() === plain) ?? componentNamed(plain.replaceAll(/[\s-]/g, ''))
  if (row === undefined) {
    throw new InputError(
      `Input '${input}' has the component type '${text}', which is not known. Give its number, or a name such as Table, Column, Web resource or Security role.${didYouMean(
        text,
        KINDS.map(({ label }) => label),
      )}`,
    )
  }
  return { type: 'type' in row ? row.type : undefined, label: row.label, platformName: row.platformName }
}

/** Where components of a kind are found by their name; for all others the id has to be given. */
export const NAMED: readonly (NamedRows & { readonly of: ComponentKind['platformName'] })[] = [
  { of: COMPONENTS.table.platformName, ...TABLE_DEFINITIONS },
  { of: COMPONENTS.webResource.platformName, set: 'webresourceset', id: 'webresourceid', name: 'name' },
  { of: COMPONENTS.process.platformName, set: 'workflows', id: 'workflowid', name: 'name' },
  { of: COMPONENTS.securityRole.platformName, set: 'roles', id: 'roleid', name: 'name' },
  { of: COMPONENTS.modelDrivenApp.platformName, set: 'appmodules', id: 'appmoduleid', name: 'uniquename' },
  { of: COMPONENTS.canvasApp.platformName, set: 'canvasapps', id: 'canvasappid', name: 'name' },
  { of: COMPONENTS.form.platformName, set: 'systemforms', id: 'formid', name: 'name' },
  { of: COMPONENTS.view.platformName, set: 'savedqueries', id: 'savedqueryid', name: 'name' },
  {
    of: COMPONENTS.plugInAssembly.platformName,
    set: 'pluginassemblies',
    id: 'pluginassemblyid',
    name: 'name',
  },
  {
    of: COMPONENTS.plugInStep.platformName,
    set: 'sdkmessageprocessingsteps',
    id: 'sdkmessageprocessingstepid',
    name: 'name',
  },
  { of: COMPONENTS.connector.platformName, set: 'connectors', id: 'connectorid', name: 'name' },
  {
    of: COMPONENTS.environmentVariable.platformName,
    set: 'environmentvariabledefinitions',
    id: 'environmentvariabledefinitionid',
    name: 'schemaname',
  },
  {
    of: COMPONENTS.connectionReference.platformName,
    set: 'connectionreferences',
    id: 'connectionreferenceid',
    name: 'connectionreferencelogicalname',
  },
]
