import { ACTIVE, type Layer } from '../solutions/layers/layer.ts'
import type { Row } from '../store/row.ts'
import { text } from '../store/value.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import { isRecord } from '../http/exchange.ts'
import { stableGuid } from '../stable-id.ts'

import { fixedType } from '../solutions/archive/type-names.ts'
import { knownDependencies } from '../solutions/dependencies/dependencies.ts'
import { componentType, typeNameOfNumber } from '../solutions/layers/component-types.ts'
import { METADATA, refreshRow } from '../solutions/import/install.ts'
import { isPlatformComponent, layersByComponent, removeLayer } from '../solutions/layers/layers.ts'
import { cloneAsPatch, cloneAsSolution } from '../solutions/clone-solution.ts'
import { findSolution, newRow, patchesOf, storeRow } from '../solutions/solution-row.ts'
import {
  guidOf,
  optional,
  required,
  textOf,
  type Arguments,
  type Operation,
  type Parameter,
} from './operation.ts'

const CLONE: readonly Parameter[] = [
  required('ParentSolutionUniqueName', 'Edm.String'),
  required('DisplayName', 'Edm.String'),
  required('VersionNumber', 'Edm.String'),
]

function editableSolution(input: Arguments, call: Call): Row {
  const name = textOf(input, 'SolutionUniqueName')
  const solution = findSolution(call.environment, name)
  if (solution === undefined) throw refuse('noSuchKey', 'solution')
  if (solution['ismanaged'] === true) throw refuse('updateManaged', name)
  const patches = patchesOf(call.environment, solution)
  if (patches.length > 0)
    throw refuse('patchedSolution', patches.map((row) => text(row, 'uniquename')).join(', '))
  return solution
}

/** The layers of the component that an id and a type number name. */
function componentLayers(id: string, type: number, call: Call): readonly Layer[] {
  const { environment } = call
  for (const layers of layersByComponent(environment).values()) {
    const [layer] = layers
    if (layer?.objectId === id && componentType(environment, layer.typeName) === type) return layers
  }
  return []
}

function addComponent(input: Arguments, call: Call): object {
  const { environment } = call
  const solution = editableSolution(input, call)
  const [id, type] = [guidOf(input, 'ComponentId') ?? '', Number(input['ComponentType'])]
  const [layer] = componentLayers(id, type, call)
  if (layer === undefined) {
    throw fixedType(typeNameOfNumber(environment, type) ?? '') === undefined && type > 10_000
      ? refuse('noComponentDefinition', type)
      : refuse('missingComponent', id, type)
  }
  const behavior = input['DoNotIncludeSubcomponents'] === true ? 1 : 0
  const componentId = putMember(layer, behavior, solution, call)
  if (input['AddRequiredComponents'] === true) addRequired(layer, solution, call)
  storeRow(environment, 'solution', { ...solution, '(rootsedited)': true })
  return { id: componentId }
}

function putMember(layer: Layer, behavior: number, solution: Row, call: Call): string {
  const { environment } = call
  const id = stableGuid('solutioncomponent', text(solution, 'solutionid'), layer.component)
  storeRow(
    environment,
    'solutioncomponent',
    newRow(call, 'solutioncomponent', {
      solutioncomponentid: id,
      objectid: layer.objectId,
      componenttype: componentType(environment, layer.typeName),
      solutionid: solution['solutionid'] ?? null,
      ismetadata: METADATA.has(layer.typeName),
      rootcomponentbehavior: behavior,
      '(component)': layer.component,
    }),
  )
  return id
}

/** What a component needs comes along, and what that needs. */
function addRequired(layer: Layer, solution: Row, call: Call): void {
  const index = layersByComponent(call.environment)
  const all = knownDependencies(call.environment)
  const added = new Set([layer.component])
  // A set that grows while it is walked is walked to its new end.
  for (const component of added) {
    for (const { required: needed, dependent } of all) {
      const [first] = dependent.key === component ? (index.get(needed.key) ?? []) : []
      if (first === undefined || added.has(needed.key)) continue
      added.add(needed.key)
      putMember(first, 0, solution, call)
    }
  }
}

function removeComponent(input: Arguments, call: Call): object {
  const name = textOf(input, 'SolutionUniqueName')
  if (name.toLowerCase() === 'default') throw refuse('removeFromDefault')
  const solution = editableSolution(input, call)
  const component = isRecord(input['SolutionComponent']) ? input['SolutionComponent'] : {}
  const id = component['solutioncomponentid'] ?? component['objectid']
  const type = Number(input['ComponentType'])
  // Clients put the component's own id into `solutioncomponentid`; the row's id is taken as well.
  const row = call.environment.store.find(
    'solutioncomponent',
    (item) =>
      item['solutionid'] === solution['solutionid'] &&
      item['componenttype'] === type &&
      (item['objectid'] === id || item['solutioncomponentid'] === id),
  )
  if (row === undefined) throw refuse('componentNotInSolution', String(id), type, name)
  call.environment.store.remove('solutioncomponent', text(row, 'solutioncomponentid'))
  storeRow(call.environment, 'solution', { ...solution, '(rootsedited)': true })
  return { id: row['solutioncomponentid'] }
}

/** Takes the unmanaged layer off a managed component, so that the managed definition shows again. */
function removeActiveCustomizations(input: Arguments, call: Call): object {
  const { environment } = call
  const typeName = textOf(input, 'SolutionComponentName').toLowerCase()
  const id = guidOf(input, 'ComponentId')
  const found = [...layersByComponent(environment)].find(
    ([, [layer]]) => layer?.objectId === id && layer?.typeName.toLowerCase() === typeName,
  )
  if (found === undefined) throw refuse('noSuchRow', typeName, id ?? '')
  const [component, layers] = found
  const active = layers.find(({ solution }) => solution === ACTIVE)
  if (active === undefined || (layers.length === 1 && !isPlatformComponent(component))) return {}
  removeLayer(environment, active)

  refreshRow(call, component, false, active)
  environment.forgetTables()
  return {}
}

export const COMPONENT_OPERATIONS: readonly Operation[] = [
  {
    name: 'AddSolutionComponent',
    kind: 'action',
    parameters: [
      required('ComponentId', 'Edm.Guid'),
      required('ComponentType', 'Edm.Int32'),
      required('SolutionUniqueName', 'Edm.String'),
      required('AddRequiredComponents', 'Edm.Boolean'),
      optional('DoNotIncludeSubcomponents', 'Edm.Boolean'),
      optional('IncludedComponentSettingsValues', 'Collection(Edm.String)'),
    ],
    returns: 'AddSolutionComponentResponse',
    privilege: 'prvWriteSolution',
    exclusive: 'EntityCustomization',
    handle: addComponent,
  },
  {
    name: 'RemoveSolutionComponent',
    kind: 'action',
    parameters: [
      required('SolutionComponent', 'mscrm.solutioncomponent'),
      required('ComponentType', 'Edm.Int32'),
      required('SolutionUniqueName', 'Edm.String'),
    ],
    returns: 'RemoveSolutionComponentResponse',
    privilege: 'prvWriteSolution',
    exclusive: 'EntityCustomization',
    handle: removeComponent,
  },
  {
    name: 'RemoveActiveCustomizations',
    kind: 'action',
    parameters: [required('SolutionComponentName', 'Edm.String'), required('ComponentId', 'Edm.Guid')],
    returns: 'RemoveActiveCustomizationsResponse',
    privilege: 'prvWriteSolution',
    exclusive: 'EntityCustomization',
    handle: removeActiveCustomizations,
  },
  {
    name: 'CloneAsPatch',
    kind: 'action',
    parameters: CLONE,
    returns: 'CloneAsPatchResponse',
    privilege: 'prvCreateSolution',
    exclusive: 'EntityCustomization',
    handle: (input, call) => ({
      SolutionId: cloneAsPatch(
        call,
        textOf(input, 'ParentSolutionUniqueName'),
        textOf(input, 'DisplayName'),
        textOf(input, 'VersionNumber'),
      )['solutionid'],
    }),
  },
  {
    name: 'CloneAsSolution',
    kind: 'action',
    parameters: CLONE,
    returns: 'CloneAsSolutionResponse',
    privilege: 'prvCreateSolution',
    exclusive: 'EntityCustomization',
    handle: (input, call) => ({
      SolutionId: cloneAsSolution(
        call,
        textOf(input, 'ParentSolutionUniqueName'),
        textOf(input, 'DisplayName'),
        textOf(input, 'VersionNumber'),
      )['solutionid'],
    }),
  },
]
