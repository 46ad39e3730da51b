/** Text as an OData literal, encoded for a URL: `O'Brien` becomes `'O''Brien'`. */
export function literal(value: string): string {
  return encodeURIComponent(`'${value.replaceAll("'", "''")}'`)
}

/** A moment as an OData literal; milliseconds since 1970 in. */
export function moment(ms: number): string {
  return new Date(ms).toISOString()
}

/** A path with its query options, in the order given: `query('solutions', { select: ['version'], top: 1 })`. */
export function query(
  set: string,
  options: {
    readonly select?: readonly string[]
    /** Already encoded, see {@link literal}. */
    readonly filter?: string
    readonly orderBy?: string
    readonly top?: number
    readonly expand?: string
  },
): string {
  const parts = [
    options.select && `$select=${options.select.join(',')}`,
    options.filter && `$filter=${options.filter.replaceAll(' ', '%20')}`,
    options.orderBy && `$orderby=${options.orderBy.replaceAll(' ', '%20')}`,
    options.top !== undefined && `$top=${options.top}`,
    options.expand && `$expand=${options.expand}`,
  ].filter((part) => typeof part === 'string' && part !== '')
  return parts.length === 0 ? set : `${set}?${parts.join('&')}`
}
