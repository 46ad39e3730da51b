/** @import { ReportGroup } from './report-sections.mjs' */

const CHECKER = 'the solution checker is not part of this project'
const NOT_BUILT = 'Not offered.'

/**
 * What users of Microsoft's actions report about solutions, in our own words.
 *
 * @type {readonly ReportGroup[]}
 */
export const solutionReports = [
  [
    'Unpacking and packing',
    [
      [
        'C27',
        'Every export has another order, so every pull request has noise.',
        '`normalize` writes one order where order means nothing.',
      ],
      [
        'C28',
        'What was removed from the solution stays in the folder on Linux.',
        'The folder is an exact mirror of the archive.',
      ],
      ['C29', 'Attachments of templates change back and forth.', 'Unpacking twice changes nothing.'],
      [
        'C30',
        'Environment variables vanish when unpacking a second time.',
        'Unpacking twice changes nothing.',
      ],
      [
        'C31',
        'Removing left-overs removes files of canvas apps, too.',
        'Only what does not belong to the solution is a left-over.',
      ],
      [
        'C32',
        'A component made the tool write at the root of the drive.',
        'Nothing is written outside of the folder.',
      ],
      [
        'C33',
        'A file is "not found", and nobody says where it was looked for.',
        'The message names the folder, what is in it, and the nearest match.',
      ],
      [
        'C34',
        '`_managed` is added to the name without a word.',
        'The file that was asked for is written, and its path is an output.',
      ],
      [
        'C35',
        'Both package types need two exports that one must name rightly.',
        '`solution-type: Both` gives both in one step.',
      ],
      [
        'C36',
        'The map file adds an assembly twice, or is ignored.',
        'A rule is applied once; one that fits nothing is a warning.',
      ],
      [
        'C37',
        'Paths are too long for Windows.',
        'Long paths work; where the system has a limit, the message names path and limit.',
        'the limits differ by system; the tests of the rules for paths cover all three without an action',
      ],
      [
        'C38',
        'A source file is missing, and the tool only warns.',
        'Packing fails and lists the root components without files.',
      ],
      [
        'C39',
        'The YAML layout of the source is not documented.',
        'The layout is recognized and refused by name.',
        'reading and packing that layout is not offered',
      ],
      ['C40', 'A managed archive needs a detour through an environment.', 'It is packed from source.'],
      [
        'C41',
        'Whether files are overwritten differs from action to action.',
        'Nothing is overwritten unless an input says so.',
      ],
      [
        'C42',
        'A canvas app that does not survive a round trip stops the pipeline.',
        'Canvas apps are not taken apart.',
      ],
      ['C43', 'A canvas app makes the tool crash.', 'Canvas apps are not taken apart.'],
      ['C44', '`process-canvas-apps` became a warning, then an error.', 'It is accepted with a notice.'],
      [
        'C45',
        'The result depends on the version of the tool.',
        'The same source gives the same bytes everywhere.',
      ],
      [
        'C46',
        'The import fails for a document of a canvas app that is not in the archive.',
        'Packing fails, and names the document.',
      ],
      [
        'C47',
        'Packing crashes on canvas apps that are fine.',
        'Canvas apps are not taken apart.',
        'the tool that crashes is not used; see C42',
      ],
    ],
  ],
  [
    'Versions and settings',
    [
      ['C63', 'The exported version is no output.', '`solution-version`, and the one before.'],
      [
        'C64',
        'The version cannot be raised on the way.',
        '`version` when exporting and packing; `write-version` for the source.',
      ],
      [
        'C65',
        'The same version is imported again and again.',
        '`skip-lower-version` or `if-same-version: skip`, and an output that says so.',
      ],
      [
        'C66',
        'The settings file is written by hand.',
        '`settings-file` of action-pack makes it; single values come from inputs.',
      ],
      ['C67', 'Values cannot be set without an import.', '`mode: settings`.'],
      [
        'C68',
        'Package deployment has its own format of settings.',
        'One format in all actions.',
        'deploying packages is not part of this project',
      ],
      ['C69', 'A value cannot be empty.', '`name=""` sets to empty.'],
      ['C70', 'Values are not updated, and nobody says so.', 'Values are read back after the import.'],
      [
        'C71',
        'Values of the development environment travel in the export.',
        '`current-values` warns of them or fails.',
      ],
      [
        'C72',
        'Connection ids must be found by hand.',
        '`reuse-connections` takes the connection that other references of the connector have.',
      ],
      [
        'C73',
        'That a connection must be shared with the application user is nowhere said.',
        'Guide, finding before the import, and message of the flow say it.',
      ],
      [
        'C74',
        'Variables whose definition has no id break the first import.',
        'Ids are carried as they are, neither made nor lost.',
        'the comparison with archives of the reference tool covers it; see C45',
      ],
    ],
  ],
  [
    'Flows and owners',
    [
      ['C75', 'Some flows are off after the import.', 'The state of every flow is reported.'],
      [
        'C76',
        'Flows stay off when an application deploys.',
        'They are switched on, children first; what stays off is named with the reason.',
      ],
      ['C77', 'Flows come on too early.', '`flows`: keep, on or off.'],
      ['C78', 'Flows should run as a certain person.', NOT_BUILT, 'owners are not changed'],
      [
        'C79',
        'Apps and flows should be shared with a group.',
        NOT_BUILT,
        'sharing is not part of this project yet',
      ],
      [
        'C80',
        'An agent must be published after the import.',
        NOT_BUILT,
        'publishing agents is not part of this project yet',
      ],
    ],
  ],
  [
    'Upgrades',
    [
      [
        'C81',
        'What was removed stays, and there is no upgrade in one step.',
        'An upgrade in one step, which lists first what it deletes.',
      ],
      ['C82', 'An upgrade fails where nothing is installed.', 'It installs, and says so.'],
      [
        'C83',
        'No set of inputs fits a new, an older and a newer target.',
        'The way is decided by what is there.',
      ],
      ['C84', '`skip-lower-version` fails where nothing is installed.', 'It installs.'],
      [
        'C85',
        'An upgrade was asked for and an update was done, silently.',
        'The output `decision` and a notice say what was done.',
      ],
      [
        'C86',
        'The step ends before the upgrade has, and the next one fails.',
        'The step ends when the upgrade has ended.',
      ],
      [
        'C87',
        'The upgrade in one step leaves no time for a data migration.',
        '`mode: stage`, then `mode: promote`.',
      ],
      [
        'C88',
        'The tool behaves otherwise than the portal.',
        'The guide to each action names defaults and differences.',
        'it is a matter of documentation',
      ],
      [
        'C89',
        'Deployments of hours, because everything is an upgrade.',
        'An update where nothing was removed.',
      ],
    ],
  ],
  [
    'Pull requests',
    [
      [
        'C90',
        'The message of the commit cannot be chosen.',
        'Message, title, text, branch, labels and people are inputs of action-pull-request.',
      ],
      [
        'C91',
        'Nothing to commit is a failure.',
        'No change is a success of action-pull-request: `operation` is `none`.',
      ],
      [
        'C92',
        'Nobody sees what differs between two archives.',
        'action-diff tells it by component, in the job summary and in a comment of the pull request.',
      ],
      [
        'C93',
        'The accelerator for GitHub never came.',
        'The README has workflows for the whole way.',
        'it is a matter of documentation',
      ],
    ],
  ],
  [
    'Checker',
    [
      ['C94', 'The step cannot fail at a chosen level.', NOT_BUILT, CHECKER],
      ['C95', 'The level leaves out the levels above it.', NOT_BUILT, CHECKER],
      ['C96', 'Rules differ by place and date.', NOT_BUILT, CHECKER],
      ['C97', 'Changed severities are ignored.', NOT_BUILT, CHECKER],
    ],
  ],
]
