import type { XmlElement } from '../../xml/index.ts'
import { valueFact, type Fact } from '../facts/fact.ts'
import { jsonFacts, parsedJson } from '../facts/json-facts.ts'
import { textFact } from '../facts/text-fact.ts'
import { ELSEWHERE, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { humanized } from '../facts/words.ts'
import type { ComponentKind } from '../report.ts'

/** The category of a process, "process (workflow) category" in Microsoft's table reference. */
export const PROCESS_KINDS: Readonly<Record<string, ComponentKind>> = {
  '0': 'classic-workflow',
  '1': 'dialog',
  '2': 'business-rule',
  '3': 'custom-action',
  '4': 'business-process-flow',
  '5': 'cloud-flow',
  '6': 'desktop-flow',
}

const NO_YES = { '0': 'No', '1': 'Yes' }

const PROCESS_RULES: XmlRules = {
  '@WorkflowId': ELSEWHERE,
  '@Name': 'Name',
  // The same name once more, by language.
  LocalizedNames: { label: 'Display name', echo: true },
  JsonFileName: { label: 'File', quiet: 'derived' },
  XamlFileName: { label: 'File', quiet: 'derived' },
  Type: { label: 'Type', values: { '1': 'Definition', '2': 'Activation', '3': 'Template' } },
  Category: 'Category',
  Mode: { label: 'Run', values: { '0': 'In the background', '1': 'Real-time' } },
  Scope: {
    label: 'Scope',
    values: { '1': 'User', '2': 'Business unit', '3': 'Parent: child business units', '4': 'Organization' },
  },
  PrimaryEntity: { label: 'Table', silent: ['none'] },
  OnDemand: { label: 'On demand', values: NO_YES, silent: ['0'] },
  TriggerOnCreate: { label: 'Start when a row is created', values: NO_YES, silent: ['0'] },
  TriggerOnDelete: { label: 'Start when a row is deleted', values: NO_YES, silent: ['0'] },
  TriggerOnUpdateAttributeList: { label: 'Start when columns change', set: ',' },
  CreateStage: { label: 'Stage on create', silent: 'any' },
  UpdateStage: { label: 'Stage on update', silent: 'any' },
  DeleteStage: { label: 'Stage on delete', silent: 'any' },
  Rank: { label: 'Order', silent: ['0'] },
  RunAs: { label: 'Run as', values: { '0': 'The owner', '1': 'The user who makes the change' } },
  StateCode: { label: 'Status', values: { '0': 'Off', '1': 'On', '2': 'Suspended' } },
  StatusCode: { label: 'Status reason', quiet: 'derived' },
  Subprocess: { label: 'Can be called by others', values: NO_YES, silent: ['0'] },
  AsyncAutodelete: { label: 'Delete finished jobs', values: NO_YES, silent: ['0'] },
  SyncWorkflowLogOnFailure: { label: 'Keep logs of failed runs', values: NO_YES, silent: ['0'] },
  IsTransacted: { label: 'In one transaction', values: NO_YES, silent: ['1'] },
  BusinessProcessType: { label: 'Type of business process', silent: ['0'] },
  IsCustomProcessingStepAllowedForOtherPublishers: {
    label: 'Steps of other publishers allowed',
    values: NO_YES,
    silent: ['1'],
  },
  ModernFlowType: { label: 'Type of flow', silent: ['0'] },
  ThrottlingBehavior: { label: 'Throttling', silent: ['1'] },
  ProcessTriggers: { label: 'Triggers', silent: 'any' },
  FormId: 'Form',
  ProcessTriggerFormId: 'Form of the trigger',
  ProcessTriggerScope: {
    label: 'Scope of the trigger',
    values: { '1': 'Form', '2': 'Table' },
  },
  processorder: 'Order of the process',
  'labels/steplabels': 'Label of a step',
  SdkMessageId: 'Message',
  UniqueName: 'Unique name',
}

export function processFacts(process: XmlElement, language: string): Fact[] {
  return xmlFacts(process, { rules: PROCESS_RULES, language })
}

/**
 * The definition of a cloud flow. Steps are told apart by their names, which are unique in a flow, so a step that
 * moved into another one is the same step. A file that is no JSON is compared as text.
 */
export function flowFacts(bytes: Uint8Array): Fact[] {
  const text = new TextDecoder().decode(bytes)
  const flow = parsedJson(text)
  const properties = memberOf(flow, 'properties') ?? flow
  const definition = memberOf(properties, 'definition')
  if (flow === undefined || properties === undefined || definition === undefined)
    return [textFact('definition', 'Definition', '', text)]
  const { connectionReferences, definition: _definition, ...others } = members(properties)
  const { triggers, actions, parameters, ...rest } = members(definition)
  const steps: Fact[] = []
  collectSteps(actions, '', steps, 0)
  return [
    ...(properties === flow
      ? []
      : jsonFacts({ ...members(flow), properties: undefined }, '').filter(isStated)),
    ...jsonFacts(others, 'properties'),
    ...(connectionReferences === undefined
      ? []
      : [valueFact('no references', 'Connection references', 'connectionReferences', '')]),
    group('references', 'Connection references', asObject(connectionReferences), referenceFact),
    group('triggers', 'Triggers', asObject(triggers), (name, value) =>
      part('Trigger', name, `triggers/${name}`, stepFacts(value, `triggers/${name}`)),
    ),
    { key: 'steps', label: 'Steps', path: 'actions', facts: steps },
    group('parameters', 'Parameters', asObject(parameters), (name, value) =>
      part('Parameter', name, `parameters/${name}`, jsonFacts(asObject(value), `parameters/${name}`)),
    ),
    ...jsonFacts(rest, 'definition'),
  ]
}

function isStated(fact: Fact): boolean {
  return fact.raw !== undefined || fact.facts !== undefined
}

const MAX_DEPTH = 64

/** Where an action keeps the actions inside it. */
function collectSteps(actions: unknown, inside: string, steps: Fact[], depth: number): void {
  if (depth > MAX_DEPTH) return
  for (const [name, value] of Object.entries(asObject(actions))) {
    const action = asObject(value)
    const { actions: own, else: otherwise, cases, default: fallback, ...rest } = members(action)
    const branches = { else: otherwise, default: fallback }
    const path = `actions/${name}`
    steps.push({
      ...(inside !== '' && { within: `actions/${inside.replace(/ \([^()]*\)$/, '')}` }),
      ...part('Step', name, path, [
        ...stepFacts(rest, path),
        ...(inside === '' ? [] : [valueFact('inside', 'Inside', path, spoken(inside))]),
        ...Object.entries(branches).flatMap(([branch, inner]) => branchFacts(branch, inner, path)),
        ...caseFacts(cases, path),
      ]),
    })
    collectSteps(own, name, steps, depth + 1)
    collectSteps(memberOf(otherwise, 'actions'), `${name} (else)`, steps, depth + 1)
    collectSteps(memberOf(fallback, 'actions'), `${name} (default)`, steps, depth + 1)
    for (const [label, branch] of Object.entries(asObject(cases)))
      collectSteps(memberOf(branch, 'actions'), `${name} (${label})`, steps, depth + 1)
  }
}

function caseFacts(cases: unknown, path: string): Fact[] {
  return Object.entries(asObject(cases)).map(([name, value]) => {
    const own = `${path}/cases/${name}`
    const { case: when, actions: _steps, ...rest } = members(asObject(value))
    return {
      key: `case ${name}`,
      label: `Case ${spoken(name)}`,
      path: own,
      shown: textOf(when),
      isPart: true,
      facts: [
        ...(when === undefined ? [] : [valueFact('case', 'Equals', own, textOf(when))]),
        ...jsonFacts(rest, own),
      ],
    }
  })
}

/** What a branch says beside its steps; one without steps is none. */
function branchFacts(name: string, branch: unknown, path: string): Fact[] {
  if (branch === undefined) return []
  const { actions: _steps, ...rest } = members(asObject(branch))
  const own = `${path}/${name}`
  return [valueFact(name, humanized(name), own, ''), ...jsonFacts(rest, own)]
}

function part(what: string, name: string, path: string, facts: readonly Fact[]): Fact {
  return { key: name, label: `${what} ${spoken(name)}`, path, shown: spoken(name), isPart: true, facts }
}

/** `Send_an_email_(V2)` is written with spaces in the designer. */
function spoken(name: string): string {
  return name.replaceAll('_', ' ')
}

/** What stands deep inside an action or trigger by its last name; ids that the designer makes are left out. */
function stepFacts(value: unknown, path: string): Fact[] {
  const { runAfter, metadata, inputs, ...rest } = members(asObject(value))
  const { operationMetadataId: _id, ...kept } = members(asObject(metadata))
  return [
    ...jsonFacts(rest, path),
    ...inputFacts(inputs, `${path}/inputs`),
    ...(runAfter === undefined ? [] : [runAfterFact(asObject(runAfter), path)]),
    ...(metadata === undefined ? [] : jsonFacts(kept, `${path}/metadata`)),
    ...(metadata === undefined
      ? []
      : [
          {
            key: 'operationMetadataId',
            label: 'Id of the operation',
            path: `${path}/metadata`,
            raw: JSON.stringify(_id) ?? '',
            quiet: 'server stamp' as const,
          },
        ]),
  ]
}

function runAfterFact(runAfter: object, path: string): Fact {
  const after = Object.entries(runAfter).map(([name, states]) => {
    const told = Array.isArray(states) ? states.join(', ') : String(states)
    return `${spoken(name)}${/^succeeded$/i.test(told) ? '' : ` (${told})`}`
  })
  return valueFact('runAfter', 'Runs after', `${path}/runAfter`, after.toSorted().join(', '), {
    silent: [''],
  })
}

/** Inputs by their paths, called by the last name: `parameters/emailMessage/To` is To. */
function inputFacts(inputs: unknown, path: string): Fact[] {
  if (typeof inputs !== 'object' || inputs === null)
    return inputs === undefined ? [] : [textFact('inputs', 'Inputs', path, textOf(inputs))]
  return flattened(inputs, path, 0)
}

function flattened(value: object, path: string, depth: number): Fact[] {
  if (Array.isArray(value) || depth > MAX_DEPTH) return jsonFacts(value, path)
  return Object.entries(value).flatMap(([name, inner]): Fact[] => {
    const own = `${path}/${name}`
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      return flattened(inner, own, depth + 1)
    const label = humanized(name.split('/').at(-1) ?? name)
    return jsonFacts({ [name]: inner }, path).map((fact) => ({ ...fact, key: own, label, path: own }))
  })
}

function referenceFact(key: string, value: unknown): Fact {
  const reference = asObject(value)
  const connection = memberOf(reference, 'connection')
  const name = members(connection ?? {})['connectionReferenceLogicalName']
  const shown = typeof name === 'string' ? name : key
  const path = `connectionReferences/${key}`
  return {
    key: shown.toLowerCase(),
    label: `Connection reference ${shown}`,
    path,
    shown,
    isPart: true,
    alias: key,
    facts: jsonFacts(reference, path),
  }
}

function group(
  key: string,
  label: string,
  value: object,
  factOf: (name: string, value: unknown) => Fact,
): Fact {
  return { key, label, path: key, facts: Object.entries(value).map(([name, member]) => factOf(name, member)) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function members(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value))
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function memberOf(value: unknown, name: string): object | undefined {
  const member = members(asObject(value))[name]
  return typeof member === 'object' && member !== null ? member : undefined
}
