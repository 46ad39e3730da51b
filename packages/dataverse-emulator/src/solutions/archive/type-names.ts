import { componentNamed, componentOfType } from '@dsa/solution-package'

/** `29` → `Workflow`; newer kinds are named by their table already. */
export function typeNameOf(type: string): string {
  const number = Number(type)
  return Number.isInteger(number)
    ? (componentOfType(number)?.platformName ?? `Component${number}`)
    : type.toLowerCase()
}

/** The number of a type name that has a fixed one. */
export function fixedType(typeName: string): number | undefined {
  const number = /^Component(\d+)$/.exec(typeName)?.[1]
  return number === undefined ? componentNamed(typeName)?.type : Number(number)
}

/** Guids identify where a kind has them; names otherwise, without regard to case. */
export function componentKey(typeName: string, id: string | undefined, name: string): string {
  const row = componentNamed(typeName)
  const isById = row === undefined || ('id' in row && typeName !== 'WebResource')
  const called = name === '' ? (row?.label ?? '') : name
  return `${typeName}:${isById && id !== undefined ? id : called.toLowerCase()}`
}
