import type { KnownErrorGroup } from './known-error.ts'

const ROLE_STEPS = [
  'Open the [Power Platform admin center](https://admin.powerplatform.microsoft.com): the environment, _Settings_, _Users + permissions_, _Application users_.',
  'Choose the application and _Edit security roles_.',
  'Give it System Administrator or System Customizer, save, and run the job again.',
]

export const RIGHTS: KnownErrorGroup = {
  title: 'Who may do it',
  errors: [
    {
      code: '0x80072560',
      name: 'UserNotMemberOfOrg',
      means: 'The sign-in worked, but the application is no user of this environment.',
      causes: [
        'No application user was made here. Each environment needs its own.',
        '`environment-url` or `app-id` belongs to something else.',
        'The environment is very new; it can take some minutes until it knows its users.',
      ],
      next: 'Add the application user in the Power Platform admin center.',
      steps: [
        'Open the [Power Platform admin center](https://admin.powerplatform.microsoft.com): the environment, _Settings_, _Users + permissions_, _Application users_.',
        '_New app user_, _Add an app_, and choose the application by its id.',
        'Choose the business unit, give it System Administrator or System Customizer, and create it.',
        'More on [signing in](sign-in.md#2-the-application-user).',
      ],
    },
    {
      code: '0x80042f09',
      name: 'UserNotAssignedRoles',
      means: 'The application user is there and has no security role.',
      causes: [
        'The role was forgotten when the user was added.',
        'A copy or a reset of the environment removed it.',
      ],
      next: 'Give the application user the role System Administrator or System Customizer in this environment.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x80040225',
      name: 'unManagedidsusernotenabled',
      means: 'The application user is disabled, or belongs to no business unit.',
      causes: ['Somebody deactivated the user.', 'The environment was copied, and its users were disabled.'],
      next: 'Activate the application user in the Power Platform admin center, and check its business unit.',
    },
    {
      code: '0x80040220',
      name: 'PrivilegeDenied',
      means: 'The application user lacks a privilege. The message names it (`prv…`).',
      causes: [
        'Its role is smaller than System Customizer.',
        'The solution holds security roles, which only System Administrator may import.',
      ],
      next: 'Give the application user the role System Administrator or System Customizer in this environment.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x80048306',
      name: 'unManagedIdsAccessDenied',
      means: 'The application user may not see or change this object.',
      causes: ['Its role lacks the privilege.', 'The row belongs to somebody else and is not shared.'],
      next: 'Give the application user the role System Administrator in this environment.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x80048405',
      name: 'AccessDenied',
      means: 'The service refuses access and says no more.',
      causes: ['The application user has too small a role.', 'It was deactivated while the job ran.'],
      next: 'Give the application user the role System Administrator in this environment.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x80048018',
      name: 'ImportRolePermissionError',
      means: 'The solution holds security roles, and the application user may not import them.',
      causes: ['System Customizer is enough for everything but security roles.'],
      next: 'Give the application user System Administrator: only it may import security roles.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x8004802f',
      name: 'ImportRelationshipRolesPrivilegeError',
      means: 'A privilege is needed to import this component. The message names both.',
      causes: ['The role of the application user is smaller than System Administrator.'],
      next: 'Give the application user System Administrator, or the privilege that the message names.',
      steps: ROLE_STEPS,
    },
    {
      code: '0x80045016',
      name: 'NoPrivilegeToPublishWorkflow',
      means: 'A process or flow could not be switched on: the application user may not do that.',
      causes: ['The role lacks the privilege to activate processes.'],
      next: "Give the application user System Administrator or System Customizer, or import with 'activate-plugins: false'.",
    },
    {
      code: '0x8004500b',
      name: 'WorkflowPublishedByNonOwner',
      means: 'Only the owner of a process may switch it on or off.',
      causes: ['The process in the environment belongs to a person, and the application user deploys.'],
      next: 'Assign the process to the application user in the environment, then run the step again.',
    },
  ],
}
