import type { ComponentKind } from '@dsa/connected-action'
import { type NamedRows, TABLE_DEFINITIONS } from '@dsa/dataverse-client'
import { COMPONENTS } from '@dsa/solution-package'

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
