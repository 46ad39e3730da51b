/** `1 change`, `2 changes`, `2 security roles`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('y') ? '' : 's'}`.replace(
    /(\d+) (.*)y$/,
    (all, n, rest) => (n === '1' ? all : `${n} ${rest}ies`),
  )
}
