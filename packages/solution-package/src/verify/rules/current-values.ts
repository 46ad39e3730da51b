import { variableValues } from '../../model/variable-values.ts'
import { COMPONENTS } from '../../model/components.ts'
import { variableType } from '../../settings/variable-type.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** A current value in the archive goes with it into every environment and overrides what is set there. */
export function* currentValues({ paths }: SourceUnderCheck): Iterable<Problem> {
  for (const file of paths) {
    const values = variableValues(file)
    if (values !== undefined) {
      yield {
        file,
        message: `The current value of ${values.schemaName ?? 'environment variables'} came along with the export and would be set in every environment. Remove the current value from the solution before exporting, and give values at deployment.`,
      }
    }
  }
}

/** A key of a flow's definition whose value is a secret, unless it is an expression. */
const secretKey = /"(password|clientSecret|client_secret|secret|apiKey|api_key|pfx)"\s*:\s*"([^"@][^"]*)"/gi

/** Values that belong into a vault; never quoted in the message. */
export function* secrets(source: SourceUnderCheck): Iterable<Problem> {
  for (const { element } of source.defined(COMPONENTS.environmentVariable) ?? []) {
    const value = element.element('defaultvalue')
    const isSecret = variableType(element.element('type')?.text) === 'secret'
    // A reference to Azure Key Vault is what such a default is for.
    if (isSecret && value && value.text !== '' && !value.text.startsWith('/subscriptions/'))
      yield problemAt(
        value,
        'The default value of a secret variable is in the source. Let it refer to Azure Key Vault.',
      )
  }
  for (const file of source.paths) {
    if (/^Workflows\/.*\.json$/i.test(file)) {
      const text = source.text(file)
      for (const match of text.matchAll(secretKey)) {
        const line = text.slice(0, match.index).split('\n').length
        yield {
          file,
          line,
          message: `'${match[1]}' holds a literal value. Take it from a secret environment variable or a connection.`,
        }
      }
    }
  }
}
