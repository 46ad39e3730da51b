/** @import { ReportGroup } from './report-sections.mjs' */

const CHECKER = 'the solution checker is not part of this project'
const NOT_BUILT = 'Not offered.'

/**
 * What users of Microsoft's actions report about signing in, waiting, installing and messages, in our own words.
 *
 * @type {readonly ReportGroup[]}
 */
export const runningReports = [
  [
    'Signing in',
    [
      [
        'C01',
        'Signing in without a stored secret (OIDC) was missing for years.',
        'OIDC is the way that the guide shows first.',
      ],
      [
        'C02',
        'OIDC came without a description of what to register.',
        'Guide and message show issuer, subject and audience.',
      ],
      [
        'C03',
        'The federation is refused, and the log masks the values that would explain it.',
        'The message shows the three values that the job presented, never the token.',
      ],
      ['C04', 'No sign-in with a certificate.', 'A certificate as PEM or PFX is accepted.'],
      [
        'C05',
        'The token expires after an hour, and the import is lost to view.',
        'Every request has a valid token; it is renewed before it ends.',
      ],
      [
        'C06',
        'One token is handed from step to step and is dead in the later ones.',
        'Each step signs in by itself.',
      ],
      ['C07', 'Credentials stood in a debug log.', 'Secrets and tokens are masked before their first use.'],
      [
        'C08',
        'The sign-in "works", and the first call fails for no visible reason.',
        'The first request asks who we are, and names what is missing: application user, role or URL.',
      ],
      [
        'C09',
        'A short fault of Entra ends a long import.',
        'Token requests are tried again; the job is watched on.',
      ],
      ['C10', 'The checker fails because its application is disabled in the tenant.', NOT_BUILT, CHECKER],
      ['C11', 'No managed identity on runners in Azure.', 'Managed identity works.'],
    ],
  ],
  [
    'Waiting, timeouts, busy environments',
    [
      [
        'C12',
        'A synchronous call is the default and is cut after some minutes.',
        'Every import is a job of the server; there is no switch.',
      ],
      ['C13', 'The longest wait could not be set.', '`max-async-wait-time` in minutes.'],
      [
        'C14',
        'The step failed, the import succeeded.',
        'A lost connection is looked up; a wait that is over is `still-running`, and a later step can follow the job.',
      ],
      [
        'C15',
        'The connection breaks while the step waits, and that ends it.',
        'Reads are repeated until the time is over.',
      ],
      [
        'C16',
        'Publishing is cut off after four minutes although it goes on.',
        'The job on the server is looked for and followed; nothing is published twice.',
      ],
      [
        'C17',
        'Publishing everything takes up to two hours.',
        NOT_BUILT,
        'publishing only what a solution holds is not offered; a managed import needs no publishing',
      ],
      ['C18', 'An import fails because another one runs.', 'It waits its turn, and says for what.'],
      [
        'C19',
        'Publishing right after the import collides with it.',
        'The import has ended before anything is published.',
      ],
      [
        'C20',
        'One step started two imports.',
        'The import is sent once; after a lost answer the job is looked up first.',
      ],
      ['C21', '"Import job not found", though it ran.', 'A job that is not visible yet is waited for.'],
      [
        'C22',
        'Imports of several workflows need a queue.',
        'Waiting is built in; the guide has the `concurrency` line.',
      ],
      [
        'C23',
        'An export never ends, and nobody knows why.',
        'State and time are printed; the wait has an end.',
      ],
      ['C24', 'An import that hangs blocks the environment.', 'Nothing is synchronous, so no call can hang.'],
      [
        'C25',
        'Nine hundred lines of waiting in an hour.',
        'A line for each change, and one a minute at most.',
      ],
      [
        'C26',
        'The percentage means nothing.',
        'The percentage of the import job is shown; the end is that of the system job.',
      ],
    ],
  ],
  [
    'Installing and running',
    [
      [
        'C48',
        'Downloading the actions takes longer than the runner waits.',
        'All actions together are a download of less than 2 MB.',
      ],
      [
        'C49',
        'Without an action that installs the tools, nothing works.',
        'There is nothing to install.',
        'every test of a built action runs without an installation',
      ],
      [
        'C50',
        'The runner got a pointer of Git LFS instead of a program.',
        'A release holds JavaScript and texts only.',
      ],
      [
        'C51',
        'Each time GitHub retires a Node version, the actions are late.',
        'All actions name the same current Node, which a test checks.',
        'it is a line of `action.yml`, checked by the contract tests',
      ],
      [
        'C52',
        'A fault is corrected in the tool but not in the actions.',
        'No other tool is inside.',
        'there is no second program whose version could differ',
      ],
      [
        'C53',
        'A new version of the tool had to be taken back.',
        'No other tool is inside.',
        'there is no second program whose version could differ',
      ],
      [
        'C54',
        'The log does not say which versions were at work.',
        'Our version, that of Node and that of the service stand in it.',
      ],
      [
        'C55',
        'No way out but a proxy, and no package feed.',
        'Nothing is downloaded at run time; HTTPS_PROXY, NO_PROXY and private authorities count.',
      ],
      [
        'C56',
        'Some actions run on Windows only.',
        'Everything runs on Linux, Windows and macOS.',
        'the whole suite runs on the three systems; no single test shows it',
      ],
    ],
  ],
  [
    'Messages',
    [
      [
        'C57',
        'The log says "failed", and the details are in the portal.',
        'Component, code, text and remedy are in summary and annotations; `log-artifact-name` uploads the record.',
      ],
      [
        'C58',
        'An "unexpected error" with a settings file, because of a connection.',
        'Connections that are missing are found before the import.',
      ],
      [
        'C59',
        '"Not recoverable error", and a stack.',
        'One message says what failed, where, and what to do; stacks are for debug logs.',
      ],
      ['C60', 'Something failed and the step is green.', 'The step ends as the platform did.'],
      ['C61', 'A warning makes the step fail.', 'Warnings are warnings.'],
      [
        'C62',
        'Missing dependencies are raw XML.',
        'A table: what is missing, who supplies it, who needs it.',
      ],
    ],
  ],
]
