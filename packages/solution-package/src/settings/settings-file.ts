import type { SourceTree } from '../source-tree.ts'
import { parsedOnce } from '../parsed-tree.ts'

/** A deployment settings file in the format of `pac solution create-settings`. */
export interface DeploymentSettings {
  readonly EnvironmentVariables: readonly { readonly SchemaName: string; readonly Value: string }[]
  readonly ConnectionReferences: readonly {
    readonly LogicalName: string
    readonly ConnectionId: string
    readonly ConnectorId: string
  }[]
}

/**
 * All that an environment has to be told of a solution: its environment variables and connection references, by
 * name, with blanks to fill in. What the present file has filled in stays.
 *
 * @param tree an unpacked solution
 * @param present the file as it is now
 * @throws XmlError when a file of the tree is not well-formed
 */
export function settingsFor(tree: SourceTree, present?: DeploymentSettings): DeploymentSettings {
  const source = parsedOnce(tree)
  const { paths } = source
  const values = new Map(present?.EnvironmentVariables.map((item) => [item.SchemaName, item.Value]))
  const connections = new Map(
    present?.ConnectionReferences.map((item) => [item.LogicalName, item.ConnectionId]),
  )

  const names = paths.flatMap((path) => {
    if (/^environmentvariabledefinitions\/[^/]+\/environmentvariabledefinition\.xml$/i.test(path)) {
      return source.parse(path).root.attribute('schemaname') ?? []
    }
    if (!/^EnvironmentVariables\/[^/]+\.xml$/.test(path)) return []
    const { root } = source.parse(path)
    return (root.element('SchemaName') ?? root.element('Name'))?.text ?? []
  })
  const references = paths.includes('Other/Customizations.xml')
    ? source.parse('Other/Customizations.xml').root.descendants('connectionreference')
    : []
  return {
    EnvironmentVariables: inOrder(names).map((SchemaName) => ({
      SchemaName,
      Value: values.get(SchemaName) ?? '',
    })),
    ConnectionReferences: references
      .map((element) => ({
        LogicalName: element.attribute('connectionreferencelogicalname') ?? '',
        ConnectorId: element.element('connectorid')?.text ?? '',
      }))
      .toSorted((a, b) => (a.LogicalName < b.LogicalName ? -1 : 1))
      .map(({ LogicalName, ConnectorId }) => ({
        LogicalName,
        ConnectionId: connections.get(LogicalName) ?? '',
        ConnectorId,
      })),
  }
}

const inOrder = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].toSorted((a, b) => (a < b ? -1 : 1))

/**
 * Reads a settings file as far as it holds what `settingsFor` keeps.
 *
 * @throws SyntaxError when it is no JSON
 */
export function readSettings(text: string): DeploymentSettings {
  const root: unknown = JSON.parse(text.replace(/^\u{feff}/u, ''))
  const rows = (name: string): readonly unknown[] => {
    const value = typeof root === 'object' && root !== null ? memberOf(root, name) : undefined
    return Array.isArray(value) ? value : []
  }
  return {
    EnvironmentVariables: rows('EnvironmentVariables').map((row) => ({
      SchemaName: textOf(row, 'SchemaName'),
      Value: textOf(row, 'Value'),
    })),
    ConnectionReferences: rows('ConnectionReferences').map((row) => ({
      LogicalName: textOf(row, 'LogicalName'),
      ConnectionId: textOf(row, 'ConnectionId'),
      ConnectorId: textOf(row, 'ConnectorId'),
    })),
  }
}

function textOf(row: unknown, name: string): string {
  const value = typeof row === 'object' && row !== null ? memberOf(row, name) : undefined
  return typeof value === 'string' ? value : ''
}

/** Names of members are read without regard to case, as pac's own reader does. */
function memberOf(object: object, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}
