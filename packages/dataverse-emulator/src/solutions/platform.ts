import type { Environment } from '../environment.ts'

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

/** Whether the solution that a manifest names as supplier (`msdynce_Sales (9.0.4.0076)`) is Microsoft's and present. */
export function isSuppliedByMicrosoft(environment: Environment, supplier: string | undefined): boolean {
  const name = (supplier ?? '').replace(/\s*\(.*\)$/, '')
  const { microsoftSolutions } = environment
  if (Array.isArray(microsoftSolutions))
    return /^(System|Basic|Default)$/.test(name) || microsoftSolutions.includes(name)
  return MICROSOFT.some((pattern) => pattern.test(name))
}
