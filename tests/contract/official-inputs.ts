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

/** One of Microsoft's actions, and what takes its place. */
export interface OfficialAction {
  /** The folder of ours; '' where none does. */
  readonly ours: string
  /** Its inputs, in its order. */
  readonly inputs: readonly string[]
  /** What to write instead, for inputs that ours does not declare, and where the same word means more. */
  readonly instead: Readonly<Record<string, string>>
  /** For a reader, in a sentence. */
  readonly note?: string
}

/** The solution side of github.com/microsoft/powerplatform-actions, by the name of each action. */
export const officialActions: Readonly<Record<string, OfficialAction>> = {
  'actions-install': {
    ours: '',
    inputs: [
      'nuget-feed-override',
      'nuget-feed-username',
      'nuget-feed-password',
      'pac-version-override',
      'use-preinstalled-pac',
      'add-tools-to-path',
    ],
    instead: {},
    note: 'Delete this step: nothing has to be installed.',
  },
  'who-am-i': same('action-who-am-i'),
  'export-solution': same('action-export'),
  'import-solution': same('action-import'),
  'unpack-solution': same('action-unpack'),
  'pack-solution': same('action-pack'),
  'publish-solution': same('action-publish'),
  'upgrade-solution': same('action-upgrade'),
  'delete-solution': same('action-delete'),
  'clone-solution': {
    ...same('action-clone'),
    note: 'There `target-folder` is declared and ignored: the source came into the current folder. Here it counts.',
  },
  'add-solution-component': same('action-components', 'cloud'),
  'set-online-solution-version': {
    ...same('action-set-version'),
    inputs: [...Object.keys(authentication).filter((name) => name !== 'cloud'), 'name', 'version'],
  },
  'update-solution-version': {
    ours: 'action-set-version',
    inputs: ['build-version', 'revision-version', 'patch-version', 'strategy', 'tracker-file'],
    instead: {},
    note: 'Add `solution-folder`, which there is always the current folder.',
  },
  'branch-solution': {
    ours: 'action-pull-request',
    inputs: [
      'solution-folder',
      'solution-target-folder',
      'repo-url',
      'repo-token',
      'branch-name',
      'working-directory',
      'allow-empty-commit',
      'clobber-branch',
    ],
    instead: {
      'solution-folder': 'unpack into the folder of the repository, and name it in `paths`',
      'solution-target-folder': '`paths`',
      'repo-url': 'the repository of the workflow',
      'repo-token': '`github-token`',
      'branch-name': '`branch`',
      'working-directory': '`paths` count from the root of the repository',
      'allow-empty-commit': 'without a change nothing is done, and `operation` says so',
      'clobber-branch': 'the branch is built on what others pushed there',
    },
    note: 'It makes the branch and the pull request through the API, without git.',
  },
  'check-solution': staysWithMicrosoft(
    [
      ...Object.keys(authentication),
      'path',
      'geo',
      'rule-level-override',
      'checker-logs-artifact-name',
      'fail-on-analysis-error',
    ],
    "Keep Microsoft's step, with its `actions-install` before it: the rules run in a service of their own, with its own sign-in. Give it the archive that is packed here: `path: ${{ steps.pack.outputs.solution-file }}`. What can be known without that service, `action-pack` checks before it packs (`verify`), and `action-import` with `mode: check` asks the environment.",
  ),
}

function staysWithMicrosoft(inputs: readonly string[], note: string): OfficialAction {
  return { ours: '', inputs, instead: Object.fromEntries(inputs.map((name) => [name, 'stays there'])), note }
}

/** An action whose inputs are those of ours that it shares. */
function same(ours: string, ...without: readonly string[]): OfficialAction {
  const inputs = Object.keys(officialInputs[ours] ?? {}).filter((name) => !without.includes(name))
  return { ours, inputs, instead: {} }
}
