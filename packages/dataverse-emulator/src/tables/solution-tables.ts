import { AUDIT, IMPORTED, ORGANIZATION, OWNED, VERSION, ACTIVE_STATE } from './common.ts'
import { defineTable, type Table } from './table.ts'

const PUBLISHER_ADDRESS = ['1', '2']
  .map(
    (n) => `
      address${n}_addressid           guid
      address${n}_addresstypecode     int
      address${n}_name                text
      address${n}_line1               text
      address${n}_line2               text
      address${n}_line3               text
      address${n}_city                text
      address${n}_county              text
      address${n}_country             text
      address${n}_stateorprovince     text
      address${n}_postalcode          text
      address${n}_postofficebox       text
      address${n}_latitude            double
      address${n}_longitude           double
      address${n}_shippingmethodcode  int
      address${n}_upszone             text
      address${n}_utcoffset           int
      address${n}_fax                 text
      address${n}_telephone1          text
      address${n}_telephone2          text
      address${n}_telephone3          text`,
  )
  .join('')

/** Solutions, publishers, and what solutions consist of. */
export const SOLUTION_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'solution',
    entitySet: 'solutions',
    displayName: 'Solution',
    primaryName: 'friendlyname',
    objectTypeCode: 7100,
    columns: `
      solutionid                         key
      uniquename                         text max=65 required
      friendlyname                       text max=256 required
      version                            text max=256 default=1.0
      description                        memo max=2000
      ismanaged                          boolean readonly default=false
      isvisible                          boolean readonly default=true
      isapimanaged                       boolean readonly default=false
      isinternal                         boolean readonly default=false
      enabledforsourcecontrolintegration boolean default=false
      sourcecontrolsyncstatus            choice 0=Not_started 1=Initial_sync_in_progress 2=Errors_in_initial_sync 3=Pending_changes_to_be_committed 4=Committed readonly
      solutiontype                       choice 0=None 1=Snapshot 2=Internal
      installedon                        time readonly
      updatedon                          time readonly
      publisherid                        lookup publisher required
      parentsolutionid                   lookup solution readonly
      configurationpageid                lookup webresource
      solutionpackageversion             text readonly
      templatesuffix                     text
      thumbprint                         text
      upgradeinfo                        memo
      pinpointassetid                    text
      pinpointpublisherid                long
      pinpointsolutionid                 long
      pinpointsolutiondefaultlocale      text
      fileid                             guid readonly
      ${ORGANIZATION} ${AUDIT} ${VERSION}`,
    collections: {
      solution_solutioncomponent: { table: 'solutioncomponent', column: 'solutionid' },
      solution_parent_solution: { table: 'solution', column: 'parentsolutionid' },
    },
  }),
  defineTable({
    logicalName: 'publisher',
    entitySet: 'publishers',
    displayName: 'Publisher',
    primaryName: 'friendlyname',
    objectTypeCode: 7101,
    columns: `
      publisherid                     key
      uniquename                      text max=256 required
      friendlyname                    text max=256 required
      description                     memo max=2000
      customizationprefix             text max=8
      customizationoptionvalueprefix  int
      emailaddress                    text max=100
      supportingwebsiteurl            text max=200
      isreadonly                      boolean readonly default=false
      pinpointpublisherid             long
      pinpointpublisherdefaultlocale  text
      entityimage                     memo
      entityimage_timestamp           long
      entityimage_url                 text
      entityimageid                   guid
      ${PUBLISHER_ADDRESS} ${ORGANIZATION} ${AUDIT} ${VERSION}`,
    alternateKeys: [['uniquename']],
    collections: { publisher_solution: { table: 'solution', column: 'publisherid' } },
  }),
  defineTable({
    logicalName: 'solutioncomponent',
    entitySet: 'solutioncomponents',
    displayName: 'Solution Component',
    objectTypeCode: 7103,
    writable: false,
    columns: `
      solutioncomponentid       key
      objectid                  guid
      componenttype             int
      solutionid                lookup solution
      ismetadata                boolean
      rootcomponentbehavior     choice 0=Include_Subcomponents 1=Do_not_include_subcomponents 2=Include_As_Shell_Only
      rootsolutioncomponentid   guid
      ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'solutioncomponentdefinition',
    entitySet: 'solutioncomponentdefinitions',
    displayName: 'Solution Component Definition',
    objectTypeCode: 7104,
    writable: false,
    columns: `
      solutioncomponentdefinitionid   key
      name                            text
      primaryentityname               text
      objecttypecode                  int
      solutioncomponenttype           int
      isviewable                      boolean default=true
      ismetadata                      boolean default=false
      ${VERSION}`,
  }),
  defineTable({
    logicalName: 'stagesolutionupload',
    entitySet: 'stagesolutionuploads',
    displayName: 'Stage Solution Upload',
    columns: `
      stagesolutionuploadid   key
      name                    text max=100
      solutionuniquename      text max=100
      solutionfilename        text max=100
      solutionfile            file
      solutionfile_name       text
      ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'exportsolutionupload',
    entitySet: 'exportsolutionuploads',
    displayName: 'Export Solution Upload',
    columns: `
      exportsolutionuploadid  key
      name                    text max=100
      solutionfile            file
      solutionfile_name       text
      ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
]
