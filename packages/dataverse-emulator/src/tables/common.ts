/** Columns that many tables have, as lines of a data sheet. */
export const AUDIT = `
  createdon              time    readonly
  createdby              lookup  systemuser readonly
  createdonbehalfby      lookup  systemuser readonly
  modifiedon             time    readonly
  modifiedby             lookup  systemuser readonly
  modifiedonbehalfby     lookup  systemuser readonly
`

export const VERSION = `
  versionnumber          long    readonly
`

export const ORGANIZATION = `
  organizationid         lookup  organization readonly
`

export const OWNED = `
  ownerid                owner
  owninguser             lookup  systemuser readonly
  owningteam             lookup  team readonly
  owningbusinessunit     lookup  businessunit readonly
`

export const ACTIVE_STATE = `
  statecode              choice  0=Active 1=Inactive default=0
  statuscode             choice  1=Active 2=Inactive default=1
`

export const IMPORTED = `
  importsequencenumber         int
  overriddencreatedon          time
  timezoneruleversionnumber    int
  utcconversiontimezonecode    int
`

/** What rows have that are solution components themselves. */
export const COMPONENT = `
  ismanaged              boolean readonly default=false
  iscustomizable         managed default=true
  componentstate         choice  0=Published 1=Unpublished 2=Deleted 3=Deleted_Unpublished readonly default=0
  componentidunique      guid    readonly
  solutionid             guid    readonly
  supportingsolutionid   guid    readonly
  overwritetime          time    readonly default=1900-01-01T00:00:00Z
`
