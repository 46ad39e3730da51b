import { defineTable, type Table } from './table.ts'

/** Tables that are worked out from the layers and components when they are read. */
export const COMPUTED_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'msdyn_componentlayer',
    entitySet: 'msdyn_componentlayers',
    displayName: 'Component Layer',
    primaryName: 'msdyn_name',
    writable: false,
    ignoresSelect: true,
    columns: `
      msdyn_componentlayerid        key
      msdyn_componentid             text
      msdyn_solutioncomponentname   text
      msdyn_name                    text
      msdyn_solutionname            text
      msdyn_publishername           text
      msdyn_order                   int
      msdyn_overwritetime           time
      msdyn_children                memo
      msdyn_componentjson           memo
      msdyn_changes                 memo
    `,
  }),
  defineTable({
    logicalName: 'msdyn_solutioncomponentsummary',
    entitySet: 'msdyn_solutioncomponentsummaries',
    displayName: 'Solution Component Summary',
    primaryName: 'msdyn_name',
    writable: false,
    unfilterable: [
      'msdyn_hasactivecustomization',
      'msdyn_ismanaged',
      'msdyn_iscustomizable',
      'msdyn_isdefault',
    ],
    columns: `
      msdyn_solutioncomponentsummaryid  key
      msdyn_solutionid                  guid
      msdyn_objectid                    guid
      msdyn_componenttype               int
      msdyn_componenttypename           text
      msdyn_componentlogicalname        text
      msdyn_name                        text
      msdyn_displayname                 text
      msdyn_schemaname                  text
      msdyn_uniquename                  text
      msdyn_primaryentityname           text
      msdyn_description                 text
      msdyn_subtype                     text
      msdyn_status                      text
      msdyn_typename                    text
      msdyn_workflowcategory            text
      msdyn_workflowcategoryname        text
      msdyn_owner                       text
      msdyn_hasactivecustomization      boolean
      msdyn_ismanaged                   boolean
      msdyn_iscustomizable              boolean
      msdyn_isdefault                   boolean
      msdyn_createdon                   time
      msdyn_modifiedon                  time
      msdyn_total                       int
      organizationid                    lookup organization
    `,
  }),
  defineTable({
    logicalName: 'msdyn_solutioncomponentcountsummary',
    entitySet: 'msdyn_solutioncomponentcountsummaries',
    displayName: 'Solution Component Count Summary',
    primaryName: 'msdyn_name',
    writable: false,
    alwaysNull: ['msdyn_solutionid', 'msdyn_solutioncomponentcountsummaryid'],
    columns: `
      msdyn_solutioncomponentcountsummaryid  key
      msdyn_componentlogicalname   text
      msdyn_componenttype          int
      msdyn_total                  int
      msdyn_subtype                text
      msdyn_primaryentityname      text
      msdyn_workflowcategory       int
      msdyn_solutionid             guid
      msdyn_name                   text
      organizationid               lookup organization
    `,
  }),
  defineTable({
    logicalName: 'dependency',
    entitySet: 'dependencies',
    displayName: 'Dependency',
    primaryName: 'dependencyid',
    objectTypeCode: 7105,
    writable: false,
    columns: `
      dependencyid                          key
      dependentcomponentobjectid            guid
      dependentcomponenttype                int
      dependentcomponentbasesolutionid      guid
      dependentcomponentparentid            guid
      requiredcomponentobjectid             guid
      requiredcomponenttype                 int
      requiredcomponentbasesolutionid       guid
      requiredcomponentparentid             guid
      requiredcomponentintroducedversion    double
      dependencytype                        choice 0=None 1=Solution_Internal 2=Published 4=Unpublished
      requiredcomponentnodeid               lookup dependencynode
      dependentcomponentnodeid              lookup dependencynode
    `,
  }),
]
