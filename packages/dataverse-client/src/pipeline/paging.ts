import { readJson } from './answers/answer.ts'
import { DataverseError } from './errors.ts'
import { asRow, optionalText, rows } from './wire.ts'
import type { HttpResponse } from './contracts.ts'
import type { Row } from './wire.ts'

/** A page has 5,000 rows; no list that an action reads comes near this. */
const MAX_PAGES = 500

/**
 * The rows of a query, page by page.
 * @param get sends a GET to a path or to the link of a page
 * @throws DataverseError when the pages go in a circle or never end
 */
export async function* readPages(
  path: string,
  get: (path: string, read: (response: HttpResponse, label: string) => Promise<unknown>) => Promise<unknown>,
): AsyncGenerator<readonly Row[]> {
  const label = `GET ${path.split('?')[0]}`
  const seen = new Set<string>()
  let next: string | undefined = path
  while (next !== undefined) {
    if (seen.has(next)) throw endless(label, 'a page leads back to one that was read before')
    if (seen.size === MAX_PAGES) throw endless(label, `there are more than ${MAX_PAGES} pages`)
    seen.add(next)
    const page: Row = asRow(await get(next, readJson), label)
    yield rows(page['value'])
    next = optionalText(page, '@odata.nextLink')
  }
}

function endless(label: string, why: string): DataverseError {
  return new DataverseError(`${label}: ${why}; the list is not read any further.`, { status: 200 })
}
