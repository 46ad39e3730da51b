import { ACTIVE_STATE, AUDIT, IMPORTED, OWNED, VERSION } from './common.ts'
import { defineTable, type Table } from './table.ts'

/**
 * What the app of Power Platform pipelines brings into its host environment, as far as artifacts go
 * (https://learn.microsoft.com/power-platform/developer/pipelines/table-reference).
 */
export const PIPELINE_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'deploymentartifact',
    entitySet: 'deploymentartifacts',
    displayName: 'Deployment Artifact',
    columns: `
      deploymentartifactid         key
      name                         text
      artifactversion              text
      generatedon                  time
      artifactfile                 file readonly
      artifactfile_name            text readonly
      artifactfileunmanaged        file readonly
      artifactfileunmanaged_name   text readonly
      ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'deploymentstagerun',
    entitySet: 'deploymentstageruns',
    displayName: 'Deployment Stage Run',
    columns: `
      deploymentstagerunid         key
      name                         text
      artifactid                   lookup deploymentartifact
      artifactname                 text
      artifactversion              text
      operation                    choice 200000200=None 200000201=Validate 200000202=Deploy default=200000200
      stagerunstatus               choice 200000000=NotStarted 200000001=Started 200000002=Succeeded 200000003=Failed default=200000000
      starttime                    time
      endtime                      time
      errormessage                 memo
      ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
]
