import { compareVersions } from '@dsa/solution-package'
import type { Environment } from '../../environment.ts'

/**
 * Solutions of Microsoft that an environment may be taken to have: the platform's own, and those of Dynamics 365
 * by their unmistakable names. Their components are not modelled; what needs them finds them present.
 */
const MICROSOFT = [
  /^(System|Basic|Default)$/,
  /^(msdyn|msft|mspp|mspcat_|msa_)/i,
  /^Microsoft/,
  /^(ActivityFeeds|AppModule|CustomControls|BaseCustomControls|Authorization|SI|AIBuilder|PowerApps|Power[A-Z]|OmnichannelBase|Sales|Service|Marketing)(Core|Common|WebResources|Base|[A-Z]\w*)$/,
  /^(GuidedHelp|SolutionHistoryAPIs|SolutionUpgradeInfrastructure|PowerPages_)/,
  /^(FieldService|ProjectService|Icebreakers|LinkedIn|Dynamics365)\w*$/,
]

/** The platform's own solutions; a newer version of them comes with an update of the product. */
const PLATFORM = /^(System|Basic|Default)$/

export const PLATFORM_VERSION = '9.2.26104.00182'

interface Supplier {
  readonly name: string
  readonly version: string
}

/** `msdynce_Sales (9.0.4.0076)` */
function readSupplier(text: string | undefined): Supplier {
  const match = /^(.*?)\s*(?:\(([\d.]+)\))?$/.exec(text ?? '')
  return { name: match?.[1] ?? '', version: match?.[2] ?? '0.0' }
}

/** Whether the solution that a manifest names as supplier is Microsoft's and present. */
export function isSuppliedByMicrosoft(environment: Environment, supplier: string | undefined): boolean {
  const { name, version } = readSupplier(supplier)
  if (PLATFORM.test(name)) return isServed(version)
  const { microsoftSolutions } = environment
  if (Array.isArray(microsoftSolutions)) return microsoftSolutions.includes(name)
  return MICROSOFT.some((pattern) => pattern.test(name))
}

/** Whether what is missing would come with an update of the platform; such dependencies can be skipped. */
export function comesWithProductUpdate(supplier: string | undefined): boolean {
  const { name, version } = readSupplier(supplier)
  return PLATFORM.test(name) && !isServed(version)
}

function isServed(version: string): boolean {
  return !/^\d+(\.\d+){1,3}$/.test(version) || compareVersions(version, PLATFORM_VERSION) <= 0
}
