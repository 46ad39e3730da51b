import { AUDIT, IMPORTED, ORGANIZATION, VERSION } from './common.ts'
import { defineTable, type Table } from './table.ts'

/** Users, roles and the organisation. */
export const SECURITY_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'systemuser',
    entitySet: 'systemusers',
    displayName: 'User',
    primaryName: 'fullname',
    objectTypeCode: 8,
    columns: `
      systemuserid                   key
      fullname                       text max=200
      firstname                      text max=256
      lastname                       text max=256
      domainname                     text max=1024
      internalemailaddress           text max=100
      applicationid                  guid
      applicationiduri               text readonly
      azureactivedirectoryobjectid   guid
      accessmode                     choice 0=Read-Write 1=Administrative 2=Read 3=Support_User 4=Non-interactive 5=Delegated_Admin default=4
      isdisabled                     boolean default=false
      islicensed                     boolean default=false
      issyncwithdirectory            boolean default=true
      businessunitid                 lookup businessunit
      parentsystemuserid             lookup systemuser
      ${ORGANIZATION.trim().replace('lookup  organization', 'guid')}
      ${AUDIT} ${VERSION} ${IMPORTED}`,
    collections: {
      systemuserroles_association: {
        table: 'role',
        through: { table: 'systemuserroles', own: 'systemuserid', other: 'roleid' },
      },
    },
  }),
  defineTable({
    logicalName: 'role',
    entitySet: 'roles',
    displayName: 'Security Role',
    objectTypeCode: 1036,
    columns: `
      roleid                key
      name                  text max=100 required
      businessunitid        lookup businessunit
      parentroleid          lookup role
      parentrootroleid      lookup role
      roletemplateid        guid
      isinherited           choice 0=Team_privileges_only 1=Direct_User_access_level_and_Team_privileges default=1
      ismanaged             boolean readonly default=false
      iscustomizable        managed default=true
      canbedeleted          managed default=true
      componentstate        choice 0=Published 1=Unpublished 2=Deleted 3=Deleted_Unpublished readonly default=0
      solutionid            guid readonly
      roleidunique          guid readonly
      overwritetime         time readonly default=1900-01-01T00:00:00Z
      organizationid        guid readonly
      ${AUDIT} ${VERSION} ${IMPORTED}`,
    collections: {
      systemuserroles_association: {
        table: 'systemuser',
        through: { table: 'systemuserroles', own: 'roleid', other: 'systemuserid' },
      },
    },
  }),
  defineTable({
    logicalName: 'systemuserroles',
    entitySet: 'systemuserrolescollection',
    writable: false,
    columns: `
      systemuserroleid      key
      systemuserid          guid
      roleid                guid
      ${VERSION}`,
  }),
  defineTable({
    logicalName: 'businessunit',
    entitySet: 'businessunits',
    displayName: 'Business Unit',
    objectTypeCode: 10,
    columns: `
      businessunitid         key
      name                   text max=160 required
      description            memo
      divisionname           text
      isdisabled             boolean default=false
      parentbusinessunitid   lookup businessunit
      ${ORGANIZATION} ${AUDIT} ${VERSION}`,
    alternateKeys: [['name']],
  }),
  defineTable({
    logicalName: 'team',
    entitySet: 'teams',
    displayName: 'Team',
    objectTypeCode: 9,
    columns: `
      teamid                 key
      name                   text max=160 required
      description            memo
      teamtype               choice 0=Owner 1=Access 2=Security_Group 3=Office_Group default=0
      isdefault              boolean readonly default=false
      businessunitid         lookup businessunit
      administratorid        lookup systemuser
      organizationid         guid readonly
      ${AUDIT} ${VERSION}`,
  }),
  defineTable({
    logicalName: 'organization',
    entitySet: 'organizations',
    displayName: 'Organization',
    objectTypeCode: 1019,
    columns: `
      organizationid         key
      name                   text max=160
      languagecode           int default=1033
      basecurrencyid         guid
      maxuploadfilesize      int default=131072
      isauditenabled         boolean default=false
      plugintracelogsetting  choice 0=Off 1=Exception 2=All default=0
      schemanameprefix       text default=new
      ${AUDIT} ${VERSION}`,
  }),
]
