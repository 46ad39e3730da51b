/** The name of a failure of the operating system, such as `ENOENT`; '' for any other error. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
