/** Microsoft's clouds by the names that the input `cloud` takes. */
export const CLOUD_NAMES = ['Public', 'UsGov', 'UsGovHigh', 'UsGovDod', 'China'] as const
export type Cloud = (typeof CLOUD_NAMES)[number]

export interface CloudRow {
  /** Where tokens are asked for; the tenant follows as the path. */
  readonly authority: string
  /** The audience that a GitHub token must carry to be accepted as a credential of an application. */
  readonly assertionAudience: string
}

const GLOBAL = 'api://AzureADTokenExchange'
const GOVERNMENT = 'api://AzureADTokenExchangeUSGov'

/** UsGov (GCC) signs in at the public authority and takes the public audience; only High and DoD have their own. */
export const CLOUDS: Readonly<Record<Cloud, CloudRow>> = {
  Public: { authority: 'https://login.microsoftonline.com', assertionAudience: GLOBAL },
  UsGov: { authority: 'https://login.microsoftonline.com', assertionAudience: GLOBAL },
  UsGovHigh: { authority: 'https://login.microsoftonline.us', assertionAudience: GOVERNMENT },
  UsGovDod: { authority: 'https://login.microsoftonline.us', assertionAudience: GOVERNMENT },
  China: {
    authority: 'https://login.partner.microsoftonline.cn',
    assertionAudience: 'api://AzureADTokenExchangeChina',
  },
}
