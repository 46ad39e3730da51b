import type { XmlElement } from '../../xml/index.ts'
import type { Fact } from '../facts/fact.ts'
import { ELSEWHERE, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'

const SOLUTION_RULES: XmlRules = {
  '@version': { label: 'Version of the service', quiet: 'server stamp' },
  '@SolutionPackageVersion': { label: 'Version of the format', quiet: 'server stamp' },
  '@generatedBy': { label: 'Written by', quiet: 'server stamp' },
  '@languagecode': 'Base language',
  'SolutionManifest/UniqueName': 'Name',
  'SolutionManifest/LocalizedNames': 'Display name',
  'SolutionManifest/Version': 'Version',
  'SolutionManifest/Managed': {
    label: 'Package type',
    values: { '0': 'Unmanaged', '1': 'Managed', '2': 'Both' },
    quiet: 'derived',
  },
  'SolutionManifest/Publisher/UniqueName': 'Publisher',
  'SolutionManifest/Publisher/LocalizedNames': 'Display name of the publisher',
  'SolutionManifest/Publisher/Descriptions': 'Description of the publisher',
  'SolutionManifest/Publisher/CustomizationPrefix': 'Prefix of the publisher',
  'SolutionManifest/Publisher/CustomizationOptionValuePrefix': 'Choice value prefix of the publisher',
  'SolutionManifest/Publisher/Addresses': 'Addresses of the publisher',
  'SolutionManifest/Publisher/Addresses/Address': { part: 'Address', by: ['AddressNumber'] },
  'SolutionManifest/RootComponents': ELSEWHERE,
  'SolutionManifest/MissingDependencies': ELSEWHERE,
}

const BEHAVIORS: Readonly<Record<string, string>> = {
  '0': 'with all its parts',
  '1': 'without its parts',
  '2': 'as a shell',
}

/** The manifest: names, version, publisher, what it lists and which solutions it needs. */
export function solutionFacts(root: XmlElement, language: string): Fact[] {
  const manifests = root.elements('SolutionManifest')
  return [
    ...xmlFacts(root, { rules: SOLUTION_RULES, language }),
    {
      key: 'roots',
      label: 'Components',
      path: 'SolutionManifest/RootComponents',
      facts: manifests.flatMap((manifest) =>
        manifest.elements('RootComponents').flatMap((list) => list.elements('RootComponent').map(rootFact)),
      ),
    },
    ...manifests
      .flatMap((manifest) => manifest.elements('RootComponents'))
      .flatMap((list) => xmlFacts(list, { rules: { RootComponent: ELSEWHERE }, language }, ROOTS_PATH)),
    {
      key: 'needs',
      label: 'Required solutions',
      path: 'SolutionManifest/MissingDependencies',
      facts: requiredSolutions(root),
    },
    {
      key: 'dependencies',
      label: 'Missing dependencies',
      path: 'SolutionManifest/MissingDependencies',
      // The environment writes them; what a reader needs of them is which solutions they come from.
      quiet: 'server stamp',
      facts: manifests
        .flatMap((manifest) => manifest.elements('MissingDependencies'))
        .flatMap((list) => xmlFacts(list, { rules: {}, language })),
    },
  ]
}

/** Where the facts of root components begin; what the report tells elsewhere is left out of them. */
export const ROOT_PATH = 'SolutionManifest/RootComponents/RootComponent'
const ROOTS_PATH = 'SolutionManifest/RootComponents'
const ROOT_RULES: XmlRules = {
  '@type': ELSEWHERE,
  '@schemaName': ELSEWHERE,
  '@id': ELSEWHERE,
  '@behavior': ELSEWHERE,
}

function rootFact(root: XmlElement): Fact {
  const type = root.attribute('type') ?? ''
  const name = root.attribute('schemaName') ?? root.attribute('id') ?? ''
  const path = `${ROOT_PATH}[${type} ${name}]`
  const behavior = root.attribute('behavior') ?? ''
  return {
    key: `${type} ${name.toLowerCase()}`,
    label: `Component ${name}`,
    path,
    shown: name,
    isPart: true,
    facts: [
      {
        key: 'behavior',
        label: 'Included',
        path: `${path}/@behavior`,
        raw: behavior,
        shown: BEHAVIORS[behavior] ?? behavior,
        silent: ['0', ''],
      },
      ...xmlFacts(root, { rules: ROOT_RULES, language: '' }, path),
    ],
  }
}

/** Names of the solutions that something is required of; their versions mean little, a new name means much. */
function requiredSolutions(root: XmlElement): Fact[] {
  const names = new Set(
    root.descendants('Required').flatMap((required) => {
      const name = (required.attribute('solution') ?? '').replace(/ \([\d.]*\)$/, '')
      // What is of no solution, and what every environment has.
      return ['', 'active', 'system'].includes(name.toLowerCase()) ? [] : [name]
    }),
  )
  return [...names].map((name) => ({
    key: name.toLowerCase(),
    label: `Needs solution ${name}`,
    path: 'SolutionManifest/MissingDependencies',
    shown: name,
    isPart: true,
    facts: [],
  }))
}
