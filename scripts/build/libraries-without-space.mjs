import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/**
 * Takes white space and comments out of libraries, which are nine tenths of what is published. Our own code stays as it
 * is, and names stay in both, so that stacks and error messages are those of the source.
 */
export const librariesWithoutSpace = {
  name: 'libraries-without-space',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const { code } = await transform(source, {
        minifyWhitespace: true,
        legalComments: 'none',
        target: 'node20',
        logLevel: 'error',
      })
      return { contents: code, loader: 'js' }
    })
  },
}
