/** An input of one of Microsoft's actions: `required`, or its default (empty where it has none). */
type Official = { readonly required: true } | { readonly default: string }

const required: Official = { required: true }
const none: Official = { default: '' }
const no: Official = { default: 'false' }
const yes: Official = { default: 'true' }

const authentication: Readonly<Record<string, Official>> = {
  'environment-url': required,
  'user-name': none,
  'password-secret': none,
  'app-id': none,
  'client-secret': none,
  'tenant-id': none,
  cloud: { default: 'Public' },
}

/** Inputs of unpack-solution and pack-solution alike. */
const packager: Readonly<Record<string, Official>> = {
  'solution-file': required,
  'solution-folder': required,
  'solution-type': { default: 'Unmanaged' },
  'single-component': { default: 'None' },
  'map-file': none,
  'locale-template': none,
  localize: none,
  'use-lcid': no,
  'use-unmanaged-file-for-missing-managed': no,
  'disable-plugin-remap': no,
  'process-canvas-apps': none,
}

/** Inputs of the actions in github.com/microsoft/powerplatform-actions, by the folder of ours that takes its place. */
export const officialInputs: Readonly<Record<string, Readonly<Record<string, Official>>>> = {
  'action-export': {
    ...authentication,
    'solution-name': required,
    'solution-version': none,
    'solution-output-file': required,
    managed: no,
    'working-directory': none,
    'run-asynchronously': no,
    'max-async-wait-time': { default: '60' },
    'export-auto-numbering-settings': no,
    'export-calendar-settings': no,
    'export-customization-settings': no,
    'export-email-tracking-settings': no,
    'export-external-applications-settings': no,
    'export-general-settings': no,
    'export-isv-config': no,
    'export-marketing-settings': no,
    'export-outlook-synchronization-settings': no,
    'export-relationship-roles': no,
    'export-sales': no,
    overwrite: no,
  },
  'action-import': {
    ...authentication,
    'solution-file': required,
    'activate-plugins': yes,
    'force-overwrite': no,
    'skip-dependency-check': no,
    'import-as-holding': no,
    'stage-and-upgrade': no,
    'publish-changes': no,
    'working-directory': none,
    'run-asynchronously': no,
    'use-deployment-settings-file': no,
    'deployment-settings-file': none,
    'max-async-wait-time': { default: '60' },
    'convert-to-managed': no,
    'skip-lower-version': no,
  },
  'action-who-am-i': authentication,
  'action-upgrade': {
    ...authentication,
    'solution-name': required,
    async: none,
    'max-async-wait-time': none,
  },
  'action-components': {
    ...authentication,
    'solution-name': required,
    component: required,
    'component-type': required,
    'add-required-components': none,
  },
  'action-delete': { ...authentication, 'solution-name': required },
  'action-publish': {
    ...authentication,
    'run-asynchronously': no,
    'max-async-wait-time': { default: '60' },
  },
  // set-online-solution-version and update-solution-version in one.
  'action-set-version': {
    ...authentication,
    name: required,
    version: required,
    'build-version': none,
    'revision-version': none,
    'patch-version': none,
    strategy: none,
    'tracker-file': none,
  },
  'action-clone': {
    ...authentication,
    'solution-name': required,
    'solution-version': none,
    'target-folder': none,
    'working-directory': none,
    'run-asynchronously': no,
    'max-async-wait-time': { default: '60' },
  },
  'action-unpack': { ...packager, 'overwrite-files': yes },
  'action-pack': packager,
}

/** Where ours declares something else on purpose, and why. */
export const deliberate: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'action-import': {
    'solution-file': 'promoting a staged upgrade and applying settings take no archive',
    'use-deployment-settings-file': 'a settings file that is given counts unless this says false',
  },
  'action-components': {
    component: 'several components are lines of components, and copying takes a solution',
    'component-type': 'several components are lines of components, and copying takes a solution',
  },
  'action-set-version': {
    'environment-url': 'a version in a folder needs no environment',
    name: 'a version in a folder needs no name; solution-name says the same',
    version: 'single numbers can be given in its place, as in update-solution-version',
  },
  'action-upgrade': {
    'max-async-wait-time':
      'the official text says 60 minutes, and the file no default; here the default is written',
  },
  'action-unpack': {
    'overwrite-files': 'only an explicit true may clear a folder that holds something else than a solution',
  },
}
