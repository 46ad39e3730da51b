import type { TableRules } from '../tables/table-rules.ts'
import { asText, text } from '../store/value.ts'
import { refuse } from '../odata/errors.ts'

const PREFIX = /^(?!mscrm)[a-z][a-z0-9]{1,7}$/i

export const publisherRules: TableRules = {
  create(row) {
    const prefix = row['customizationprefix'] ?? 'new'
    const optionPrefix = row['customizationoptionvalueprefix'] ?? 10_000
    if (!PREFIX.test(asText(prefix)))
      throw refuse(
        'invalidArgument',
        'The customization prefix must have 2 to 8 characters, consist of letters and digits only, begin with a letter and not with "mscrm".',
      )
    if (Number(optionPrefix) < 10_000 || Number(optionPrefix) > 99_999)
      throw refuse('invalidArgument', 'The option value prefix must lie between 10000 and 99999.')
    return { ...row, customizationprefix: prefix, customizationoptionvalueprefix: optionPrefix }
  },
  update(before, after, call) {
    if (before['isreadonly'] === true) throw refuse('readOnlyPublisher')
    const isUsed = call.environment.store.find(
      'solution',
      (row) => row['publisherid'] === before['publisherid'],
    )
    if (isUsed !== undefined && before['customizationprefix'] !== after['customizationprefix']) {
      throw refuse(
        'invalidArgument',
        `The customization prefix of the publisher '${text(before, 'uniquename')}' cannot be changed because it is in use.`,
      )
    }
    return after
  },
  remove(row, call) {
    if (row['isreadonly'] === true || text(row, 'uniquename').startsWith('DefaultPublisher'))
      throw refuse('deleteRestrictedPublisher')
    const solution = call.environment.store.find(
      'solution',
      (item) => item['publisherid'] === row['publisherid'],
    )
    if (solution !== undefined) throw refuse('componentInUse', 'Publisher', text(row, 'publisherid'), 1)
    return false
  },
}
