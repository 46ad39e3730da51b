import { InputError } from '@dsa/action-kit'
import { componentNamed, componentOfType, COMPONENTS, NUMBERED_TYPES } from '@dsa/solution-package'
import { didYouMean } from '@dsa/user-error'

/** A kind of component, by its number, or by its name where each environment has a number of its own for it. */
export interface ComponentKind {
  readonly type: number | undefined
  readonly label: string
  /** Such as `connectionreference`; '' for a number that only the environment knows. */
  readonly platformName: string
}

const KINDS = [...Object.values(COMPONENTS), ...Object.values(NUMBERED_TYPES)]

/**
 * The kind of a number, of a name that makers use, or of one that the platform uses.
 * @throws InputError naming the input
 */
export function kindNamed(input: string, text: string): ComponentKind {
  if (/^\d+$/.test(text)) {
    const row = componentOfType(Number(text))
    return {
      type: Number(text),
      label: row?.label ?? `Component of type ${text}`,
      platformName: row?.platformName ?? '',
    }
  }
  const plain = text.toLowerCase()
  const row =
    KINDS.find(({ label }) => label.toLowerCase() === plain) ?? componentNamed(plain.replaceAll(/[\s-]/g, ''))
  if (row === undefined) {
    throw new InputError(
      `Input '${input}' has the component type '${text}', which is not known. Give its number, or a name such as Table, Column, Web resource or Security role.${didYouMean(
        text,
        KINDS.map(({ label }) => label),
      )}`,
    )
  }
  return { type: 'type' in row ? row.type : undefined, label: row.label, platformName: row.platformName }
}

/** A component as an input names it. */
export interface NamedComponent {
  readonly kind: ComponentKind
  /** Schema name or id. */
  readonly name: string
}

/**
 * One line of an input: a type, a colon, and a name or id.
 * @throws InputError naming the input
 */
export function componentLine(input: string, text: string): NamedComponent {
  const [, type = '', name = ''] = /^([^:]+):\s*(.+)$/.exec(text) ?? []
  if (name !== '') return { kind: kindNamed(input, type.trim()), name }
  throw new InputError(
    `Input '${input}' has the line '${text}'; a line is a type, a colon, and a name or id, such as 'Web resource: new_/main.js'.`,
  )
}
