import { ACTIVE_STATE, AUDIT, IMPORTED, OWNED, VERSION } from './common.ts'
import { defineTable, type Table } from './table.ts'

const ADDRESS = ['1', '2']
  .map(
    (n) => `
      address${n}_name              text max=200
      address${n}_line1             text max=250
      address${n}_line2             text max=250
      address${n}_city              text max=80
      address${n}_stateorprovince   text max=50
      address${n}_postalcode        text max=20
      address${n}_country           text max=80
      address${n}_telephone1        text max=50`,
  )
  .join('')

/** A few of the tables that every Dataverse has, so that clients have rows to work with. */
export const SAMPLE_DATA_TABLES: readonly Table[] = [
  defineTable({
    logicalName: 'account',
    entitySet: 'accounts',
    displayName: 'Account',
    objectTypeCode: 1,
    columns: `
      accountid               key
      name                    text max=160
      accountnumber           text max=20
      description             memo max=2000
      telephone1              text max=50
      emailaddress1           text max=100
      websiteurl              text max=200
      numberofemployees       int range=0..1000000000
      revenue                 double
      creditonhold            boolean default=false
      industrycode            choice 1=Accounting 2=Agriculture_and_Non-petrol_Natural_Resource_Extraction 3=Broadcasting_Printing_and_Publishing
      accountcategorycode     choice 1=Preferred_Customer 2=Standard
      customertypecode        choice 1=Competitor 2=Consultant 3=Customer 4=Investor 5=Partner 6=Influencer 7=Press 8=Prospect 9=Reseller 10=Supplier 11=Vendor 12=Other
      primarycontactid        lookup contact
      parentaccountid         lookup account
      ${ADDRESS} ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
    collections: {
      contact_customer_accounts: { table: 'contact', column: 'parentcustomerid' },
      account_parent_account: { table: 'account', column: 'parentaccountid' },
    },
    alternateKeys: [['accountnumber']],
  }),
  defineTable({
    logicalName: 'contact',
    entitySet: 'contacts',
    displayName: 'Contact',
    primaryName: 'fullname',
    objectTypeCode: 2,
    columns: `
      contactid               key
      fullname                text max=160 readonly
      firstname               text max=50
      lastname                text max=50
      jobtitle                text max=100
      description             memo max=2000
      emailaddress1           text max=100
      telephone1              text max=50
      mobilephone             text max=50
      birthdate               time
      gendercode              choice 1=Male 2=Female
      donotemail              boolean default=false
      numberofchildren        int range=0..1000000000
      parentcustomerid        lookup account nav=parentcustomerid_account
      ${ADDRESS} ${OWNED} ${ACTIVE_STATE} ${IMPORTED} ${AUDIT} ${VERSION}`,
    collections: {
      account_primary_contact: { table: 'account', column: 'primarycontactid' },
    },
  }),
  defineTable({
    logicalName: 'task',
    entitySet: 'tasks',
    displayName: 'Task',
    primaryName: 'subject',
    objectTypeCode: 4212,
    columns: `
      activityid              key
      subject                 text max=200 required
      description             memo max=2000
      scheduledend            time
      prioritycode            choice 0=Low 1=Normal 2=High default=1
      percentcomplete         int range=0..100
      regardingobjectid       lookup account nav=regardingobjectid_account
      ${OWNED}
      statecode               choice 0=Open 1=Completed 2=Canceled default=0
      statuscode              choice 2=Not_Started 3=In_Progress 4=Waiting_on_someone_else 5=Completed 6=Canceled 7=Deferred default=2
      ${IMPORTED} ${AUDIT} ${VERSION}`,
  }),
]
