import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/**
 * `import action from '../action.yml'` gives name, inputs with defaults, and the version of the suite, so that
 * no default stands a second time in code.
 */
export const actionMetadata = {
  name: 'action-metadata',
  setup(build) {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    build.onLoad({ filter: /action\.yml$/ }, ({ path }) => {
      const { name, inputs } = parse(readFileSync(path, 'utf8'))
      const declared = Object.entries(inputs ?? {}).map(([key, input]) => [
        key,
        { ...(input.default !== undefined && { default: String(input.default) }) },
      ])
      return {
        contents: JSON.stringify({ name, version, inputs: Object.fromEntries(declared) }),
        loader: 'json',
        watchFiles: [path],
      }
    })
  },
}
