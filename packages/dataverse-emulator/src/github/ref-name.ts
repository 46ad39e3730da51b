/** The rules of git for names of refs (https://git-scm.com/docs/git-check-ref-format). */
export function isRefName(ref: string): boolean {
  return (
    ref.split('/').length > 2 &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|[/.]$/u.test(ref) &&
    ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  )
}
