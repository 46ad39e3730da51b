import { below, isNode, type Node, nodesOf } from './syntax.ts'

/**
 * The names of outputs in a source file: first arguments of `setOutput`, and keys of the objects that functions of
 * type `Outputs` return.
 */
export function outputsWritten(file: string): readonly string[] {
  const nodes = nodesOf(file)
  return [...nodes.flatMap(setOutputName), ...nodes.filter(returnsOutputs).flatMap(returnedKeys)]
}

function setOutputName({ type, callee, arguments: given }: Node): readonly string[] {
  if (type !== 'CallExpression' || !isNode(callee) || !Array.isArray(given)) return []
  const { value, property } = callee
  const called = isNode(property) ? property['value'] : value
  const [first]: unknown[] = given
  const name = isNode(first) && isNode(first['expression']) ? first['expression'] : undefined
  return called === 'setOutput' && name?.['type'] === 'StringLiteral' ? [String(name['value'])] : []
}

function returnsOutputs({ returnType }: Node): boolean {
  return [...below(returnType)].some(({ type, value }) => type === 'Identifier' && value === 'Outputs')
}

function returnedKeys(outputs: Node): readonly string[] {
  const nodes = [...below(outputs['body'])]
  const returned = nodes.filter(({ type }) => type === 'ReturnStatement').map(({ argument }) => argument)
  const names = new Set(returned.flatMap((value) => (isNode(value) ? [value['value']] : [])))
  const variables = nodes
    .filter(({ type, id }) => type === 'VariableDeclarator' && isNode(id) && names.has(id['value']))
    .map(({ init }) => init)
  return [...returned, ...variables].flatMap(keys)
}

function keys(value: unknown): readonly string[] {
  if (!isNode(value) || value['type'] !== 'ObjectExpression' || !Array.isArray(value['properties'])) return []
  return value['properties'].filter(isNode).flatMap((property) => {
    const key = property['type'] === 'KeyValueProperty' ? property['key'] : property
    return isNode(key) && key['type'] !== 'SpreadElement' ? [String(key['value'])] : []
  })
}
