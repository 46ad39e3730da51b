import type { SolutionContentRow } from '@dsa/dataverse-client'
import { COMPONENTS } from '@dsa/solution-package'

/** What `PublishXml` takes, and by what it names it. Everything else is live as soon as it is saved. */
const PUBLISHABLE: readonly {
  readonly type: number
  readonly list: string
  readonly item: string
  readonly by: 'name' | 'objectId'
}[] = [
  { type: COMPONENTS.table.type, list: 'entities', item: 'entity', by: 'name' },
  { type: COMPONENTS.choice.type, list: 'optionsets', item: 'optionset', by: 'name' },
  { type: COMPONENTS.webResource.type, list: 'webresources', item: 'webresource', by: 'objectId' },
  { type: COMPONENTS.siteMap.type, list: 'sitemaps', item: 'sitemap', by: 'objectId' },
  { type: COMPONENTS.modelDrivenApp.type, list: 'appmodules', item: 'appmodule', by: 'objectId' },
  { type: COMPONENTS.canvasApp.type, list: 'canvasapps', item: 'canvasapp', by: 'objectId' },
]

export interface Publication {
  /** The parameter of `PublishXml`; '' when nothing needs publishing. */
  readonly xml: string
  readonly named: readonly SolutionContentRow[]
  readonly others: number
}

/** What of a solution is published by its name. A table takes its columns, forms, views and charts along. */
export function publicationOf(content: readonly SolutionContentRow[]): Publication {
  const tables = new Set(
    content.flatMap(({ type, name, table }) =>
      type === COMPONENTS.table.type ? [name] : table === '' ? [] : [table],
    ),
  )
  const named: SolutionContentRow[] = []
  const lists = PUBLISHABLE.map(({ type, list, item, by }) => {
    const rows = content.filter((row) => row.type === type)
    named.push(...rows)
    const names = type === COMPONENTS.table.type ? [...tables] : rows.map((row) => row[by])
    const items = names.map(
      (name) => `<${item}>${by === 'objectId' ? `{${escaped(name)}}` : escaped(name)}</${item}>`,
    )
    return items.length === 0 ? '' : `<${list}>${items.join('')}</${list}>`
  }).join('')
  const below = content.filter(({ type, table }) => type !== COMPONENTS.table.type && table !== '')
  return {
    xml: lists === '' ? '' : `<importexportxml>${lists}</importexportxml>`,
    named: [...named, ...below.filter((row) => !named.includes(row))],
    others: content.filter((row) => !named.includes(row) && !below.includes(row)).length,
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
