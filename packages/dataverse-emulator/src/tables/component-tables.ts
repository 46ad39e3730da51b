import { ACTIVE_STATE, AUDIT, COMPONENT, IMPORTED, ORGANIZATION, OWNED, VERSION } from './common.ts'
import { defineTable, type Table } from './table.ts'

const TABLE_COMPONENT = `${OWNED} ${ACTIVE_STATE} ${COMPONENT} ${IMPORTED} ${AUDIT} ${VERSION}`

/** Tables whose rows are themselves solution components; an import fills them. */
export const COMPONENT_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'environmentvariabledefinition',
    entitySet: 'environmentvariabledefinitions',
    displayName: 'Environment Variable Definition',
    primaryName: 'schemaname',
    objectTypeCode: 380,
    columns: `
      environmentvariabledefinitionid  key
      schemaname          text max=100 required
      displayname         text max=100
      description         memo max=2000
      type                choice 100000000=String 100000001=Number 100000002=Boolean 100000003=JSON 100000004=Data_Source 100000005=Secret default=100000000
      defaultvalue        memo max=2000
      isrequired          boolean default=false
      valueschema         memo
      secretstore         choice 0=Azure_Key_Vault 1=Microsoft_Dataverse default=0
      parameterkey        text
      parentdefinitionid  lookup environmentvariabledefinition nav=ParentDefinitionId
      apiid               text
      hint                text
      introducedversion   text
      ${TABLE_COMPONENT}`,
    alternateKeys: [['schemaname']],
    collections: {
      environmentvariabledefinition_environmentvariablevalue: {
        table: 'environmentvariablevalue',
        column: 'environmentvariabledefinitionid',
      },
    },
  }),
  defineTable({
    logicalName: 'environmentvariablevalue',
    entitySet: 'environmentvariablevalues',
    displayName: 'Environment Variable Value',
    primaryName: 'schemaname',
    objectTypeCode: 381,
    columns: `
      environmentvariablevalueid       key
      schemaname                       text max=100
      value                            memo max=2000
      environmentvariabledefinitionid  lookup environmentvariabledefinition nav=EnvironmentVariableDefinitionId
      introducedversion                text
      ${TABLE_COMPONENT}`,
  }),
  defineTable({
    logicalName: 'connectionreference',
    entitySet: 'connectionreferences',
    displayName: 'Connection Reference',
    primaryName: 'connectionreferencedisplayname',
    columns: `
      connectionreferenceid           key
      connectionreferencelogicalname  text max=100 required
      connectionreferencedisplayname  text max=100
      description                     memo max=100
      connectorid                     text max=500
      connectionid                    text max=500
      customconnectorid               lookup connector nav=CustomConnectorId
      promptingbehavior               choice 0=Prompt_for_connection 1=Skip default=0
      ${TABLE_COMPONENT}`,
    alternateKeys: [['connectionreferencelogicalname']],
  }),
  defineTable({
    logicalName: 'workflow',
    entitySet: 'workflows',
    displayName: 'Process',
    objectTypeCode: 4703,
    columns: `
      workflowid             key
      name                   text max=100 required
      uniquename             text
      description            memo
      category               choice 0=Workflow 1=Dialog 2=Business_Rule 3=Action 4=Business_Process_Flow 5=Modern_Flow 6=Desktop_Flow 7=AI_Flow default=0
      type                   choice 1=Definition 2=Activation 3=Template default=1
      primaryentity          text default=none
      scope                  choice 1=User 2=Business_Unit 3=Parent_Child_Business_Units 4=Organization default=4
      mode                   choice 0=Background 1=Real-time default=0
      subprocess             boolean default=false
      ondemand               boolean default=false
      clientdata             memo
      xaml                   memo
      introducedversion      text
      parentworkflowid       lookup workflow
      activeworkflowid       lookup workflow
      workflowidunique       guid readonly
      statecode              choice 0=Draft 1=Activated 2=Suspended default=0
      statuscode             choice 1=Draft 2=Activated 3=CompanyDLPViolation default=1
      ${OWNED} ${COMPONENT} ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'webresource',
    entitySet: 'webresourceset',
    displayName: 'Web Resource',
    objectTypeCode: 9333,
    columns: `
      webresourceid       key
      name                text max=256 required
      displayname         text max=200
      description         memo
      webresourcetype     choice 1=HTML 2=CSS 3=JScript 4=XML 5=PNG 6=JPG 7=GIF 8=XAP 9=XSL 10=ICO 11=SVG 12=RESX
      content             memo
      languagecode        int
      introducedversion   text
      webresourceidunique guid readonly
      ${COMPONENT} ${ORGANIZATION} ${AUDIT} ${VERSION}`,
    alternateKeys: [['name']],
  }),
  defineTable({
    logicalName: 'savedquery',
    entitySet: 'savedqueries',
    displayName: 'View',
    objectTypeCode: 1039,
    columns: `
      savedqueryid        key
      name                text max=200
      returnedtypecode    text
      fetchxml            memo
      layoutxml           memo
      querytype           int default=0
      isdefault           boolean default=false
      statecode           choice 0=Active 1=Inactive default=0
      statuscode          choice 1=Active 2=Inactive default=1
      ${COMPONENT} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'systemform',
    entitySet: 'systemforms',
    displayName: 'System Form',
    objectTypeCode: 1030,
    columns: `
      formid              key
      name                text max=100
      objecttypecode      text
      type                choice 0=Dashboard 2=Main 5=Mobile_-_Express 6=Quick_View_Form 7=Quick_Create 8=Dialog 9=Task_Flow_Form 10=InteractionCentricDashboard 11=Card 12=Main_-_Interactive_experience
      formactivationstate choice 0=Inactive 1=Active default=1
      formxml             memo
      ${COMPONENT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'appmodule',
    entitySet: 'appmodules',
    displayName: 'Model-driven App',
    objectTypeCode: 9006,
    columns: `
      appmoduleid         key
      name                text max=100
      uniquename          text max=100
      description         memo
      clienttype          int default=4
      ${ACTIVE_STATE} ${COMPONENT} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'canvasapp',
    entitySet: 'canvasapps',
    displayName: 'Canvas App',
    objectTypeCode: 300,
    columns: `
      canvasappid         key
      name                text max=100
      displayname         text max=200
      appversion          time
      status              text
      ${COMPONENT} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'pluginassembly',
    entitySet: 'pluginassemblies',
    displayName: 'Plug-in Assembly',
    objectTypeCode: 4605,
    columns: `
      pluginassemblyid    key
      name                text max=256
      version             text max=48
      culture             text
      publickeytoken      text
      isolationmode       choice 1=None 2=Sandbox 3=External default=2
      ${COMPONENT} ${ORGANIZATION} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'sdkmessageprocessingstep',
    entitySet: 'sdkmessageprocessingsteps',
    displayName: 'Plug-in Step',
    objectTypeCode: 4608,
    columns: `
      sdkmessageprocessingstepid  key
      name                text max=256
      stage               int
      rank                int default=1
      statecode           choice 0=Enabled 1=Disabled default=0
      statuscode          choice 1=Enabled 2=Disabled default=1
      ${COMPONENT} ${ORGANIZATION} ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'connector',
    entitySet: 'connectors',
    displayName: 'Connector',
    objectTypeCode: 372,
    columns: `
      connectorid         key
      name                text
      displayname         text
      connectortype       int
      ${OWNED} ${ACTIVE_STATE} ${COMPONENT} ${AUDIT} ${VERSION}`,
  }),
]
