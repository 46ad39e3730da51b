import { AUDIT, ORGANIZATION, OWNED } from './common.ts'
import { defineTable, type Table } from './table.ts'

/** System jobs, import jobs and the history of solution operations. */
export const JOB_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'asyncoperation',
    entitySet: 'asyncoperations',
    displayName: 'System Job',
    objectTypeCode: 4700,
    columns: `
      asyncoperationid            key
      name                        text
      messagename                 text readonly
      operationtype               int readonly
      statecode                   choice 0=Ready 1=Suspended 2=Locked 3=Completed
      statuscode                  choice 0=Waiting_For_Resources 10=Waiting 20=In_Progress 21=Pausing 22=Canceling 30=Succeeded 31=Failed 32=Canceled
      startedon                   time readonly
      completedon                 time readonly
      errorcode                   int readonly
      message                     memo readonly
      friendlymessage             memo readonly
      executiontimespan           double readonly
      dependencytoken             text readonly
      correlationid               guid readonly
      correlationupdatedtime      time readonly
      requestid                   guid readonly
      parentpluginexecutionid     guid readonly
      depth                       int readonly
      subtype                     int readonly
      retrycount                  int readonly
      retainjobhistory            boolean readonly
      iswaitingforevent           boolean readonly
      sequence                    long readonly
      hostid                      text readonly
      expanderstarttime           time readonly
      postponeuntil               time
      recurrencestarttime         time
      recurrencepattern           text
      data                        memo readonly
      datablobid                  file readonly
      datablobid_name             text readonly
      workload                    text readonly
      primaryentitytype           text readonly
      callerorigin                text readonly
      rootexecutioncontext        memo readonly
      workflowstagename           text readonly
      breadcrumbid                guid readonly
      regardingobjectid           lookup solution readonly nav=regardingobjectid_solution
      workflowactivationid        lookup workflow readonly
      owningextensionid           lookup sdkmessageprocessingstep readonly
      timezoneruleversionnumber   int
      utcconversiontimezonecode   int
      ${OWNED} ${AUDIT}`,
  }),
  defineTable({
    logicalName: 'importjob',
    entitySet: 'importjobs',
    displayName: 'Import Job',
    objectTypeCode: 9107,
    columns: `
      importjobid                 key
      name                        text
      solutionname                text
      solutionid                  guid readonly
      data                        memo readonly
      progress                    double readonly
      importcontext               text readonly
      operationcontext            text readonly
      startedon                   time readonly
      completedon                 time readonly
      timezoneruleversionnumber   int
      utcconversiontimezonecode   int
      ${ORGANIZATION} ${AUDIT}`,
  }),
  defineTable({
    logicalName: 'msdyn_solutionhistory',
    entitySet: 'msdyn_solutionhistories',
    displayName: 'Solution History',
    primaryName: 'msdyn_name',
    writable: false,
    columns: `
      msdyn_solutionhistoryid           key
      msdyn_name                        text
      msdyn_activityid                  guid
      msdyn_correlationid               guid
      msdyn_starttime                   time
      msdyn_endtime                     time
      msdyn_totaltime                   int
      msdyn_operation                   choice 0=Import 1=Uninstall 2=Export 3=Publish 4=PublishAll 5=LanguageProvision 6=ImportTranslation 7=RibbonMetadataGeneration 8=WorkflowSetState 9=None
      msdyn_suboperation                choice 0=None 1=New 2=Upgrade 3=Update 4=Delete 5=Single_step_upgrade
      msdyn_status                      choice 0=Started 1=Completed
      msdyn_result                      boolean
      msdyn_errorcode                   int
      msdyn_exceptionmessage            memo
      msdyn_exceptionstack              memo
      msdyn_ismanaged                   boolean
      msdyn_isoverwritecustomizations   boolean
      msdyn_ispatch                     boolean
      msdyn_maxretries                  int
      msdyn_retrycount                  int
      msdyn_packagename                 text
      msdyn_packageversion              text
      msdyn_publisherid                 guid
      msdyn_publishername               text
      msdyn_solutionid                  guid
      msdyn_solutionversion             text
    `,
  }),
]
