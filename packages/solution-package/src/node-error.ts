/** The code of an error that Node raised, as `ERR_OUT_OF_RANGE`. Its class may be that of another realm. */
export function nodeErrorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
