import { COMPONENTS } from '../model/components.ts'
import { Solution } from '../model/solution.ts'
import { treeSource } from '../sources/xml/xml-source.ts'
import type { SourceTree } from '../source-tree.ts'
import type { DeploymentSettings } from './settings-file.ts'
import { variableDefinitions } from './variable-type.ts'

/**
 * All that an environment has to be told of a solution: its environment variables and connection references, by
 * name, with blanks to fill in. What the present file has filled in stays.
 *
 * @param tree an unpacked solution
 * @param present the file as it is now
 * @throws SolutionError or XmlError when a file of the tree is missing or not well-formed
 */
export function settingsFor(tree: SourceTree, present?: DeploymentSettings): DeploymentSettings {
  const solution = new Solution(treeSource(tree))
  const values = new Map(
    present?.environmentVariables.map(({ schemaName, value }) => [schemaName.toLowerCase(), value]),
  )
  const connections = new Map(
    present?.connectionReferences.map(({ logicalName, connectionId }) => [
      logicalName.toLowerCase(),
      connectionId,
    ]),
  )
  const names = variableDefinitions(solution).map(({ schemaName }) => schemaName)
  return {
    environmentVariables: [...new Set(names)].toSorted(byCode).map((schemaName) => ({
      schemaName,
      value: values.get(schemaName.toLowerCase()) ?? '',
    })),
    connectionReferences: [...solution.components([COMPONENTS.connectionReference])]
      .map(({ name, element }) => ({
        logicalName: name,
        connectorId: element.element('connectorid')?.text ?? '',
      }))
      .toSorted((a, b) => byCode(a.logicalName, b.logicalName))
      .map(({ logicalName, connectorId }) => ({
        logicalName,
        connectionId: connections.get(logicalName.toLowerCase()) ?? '',
        connectorId,
      })),
  }
}

/** The same order on every machine. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
