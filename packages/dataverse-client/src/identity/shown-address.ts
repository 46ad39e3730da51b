/**
 * An address for a message, without what may be secret in it: user name and password, well formed or not, and
 * everything after a question mark.
 */
export function shownAddress(text: string): string {
  const [start = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(text.slice(0, 2_048))?.slice(1) ?? []
  const at = rest.lastIndexOf('@')
  const shown = at === -1 ? rest : `***@${rest.slice(at + 1)}`
  return `${start}${shown.replace(/[?#].*$/s, '')}`
}
