import {
  booleanInput,
  enumInput,
  InputError,
  linesInput,
  optionalBooleanInput,
  optionalNameInput,
  requiredNameInput,
} from '@dsa/action-kit'
import {
  componentLine,
  kindNamed,
  type NamedComponent,
  type QueueInputs,
  queueInputs,
} from '@dsa/connected-action'

const MODES = ['add', 'remove', 'copy', 'move', 'list'] as const

export interface Inputs extends QueueInputs {
  readonly mode: (typeof MODES)[number]
  readonly solutionName: string
  readonly fromSolution: string | undefined
  readonly wanted: readonly NamedComponent[]
  readonly withRequired: boolean
  readonly withoutSubcomponents: boolean
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const connection = queueInputs()
  const mode = enumInput('mode', MODES)
  const wanted = [...single(), ...linesInput('components').map((line) => componentLine('components', line))]
  const fromSolution = optionalNameInput('from-solution')
  const isTransfer = mode === 'copy' || mode === 'move'
  if (isTransfer && fromSolution === undefined) {
    throw new InputError(`Input 'from-solution' is required with 'mode: ${mode}' and was not given.`)
  }
  if (!isTransfer && fromSolution !== undefined) {
    throw new InputError(`Input 'from-solution' is for 'mode: copy' and 'mode: move'; 'mode' is ${mode}.`)
  }
  if ((mode === 'add' || mode === 'remove') && wanted.length === 0) {
    throw new InputError(
      "No component is given. Give 'component' and 'component-type', or lines in 'components' such as 'Table: new_order'.",
    )
  }
  return {
    ...connection,
    mode,
    solutionName: requiredNameInput('solution-name'),
    fromSolution,
    wanted,
    withRequired: optionalBooleanInput('add-required-components') ?? false,
    withoutSubcomponents: booleanInput('without-subcomponents'),
  }
}

/** The component of the official inputs. */
function single(): readonly NamedComponent[] {
  const [name, type] = [optionalNameInput('component'), optionalNameInput('component-type')]
  if (name === undefined && type === undefined) return []
  if (name === undefined || type === undefined) {
    throw new InputError(
      "Inputs 'component' and 'component-type' belong together; one of them was not given.",
    )
  }
  return [{ kind: kindNamed('component-type', type), name }]
}
