import type { KnownErrorGroup } from './known-error.ts'

const REPACK_STEPS = [
  'Look at the last commits of the folder: an edit by hand or a merge broke the file that the message shows.',
  'Restore that file from the last good commit, or export the component again.',
  'Pack again. `action-pack` checks the source before it packs (`verify`), and names file and line.',
]

export const ARCHIVES: KnownErrorGroup = {
  title: 'The archive cannot be read',
  errors: [
    {
      code: '0x80048060',
      name: 'ImportCustomizationsBadZipFileError',
      means: 'The file is no solution archive.',
      causes: [
        'An artifact of GitHub that was downloaded by hand is a zip around the archive.',
        'The unpacked folder was zipped with another tool.',
        'The download broke off.',
      ],
      next: 'The file is no solution archive: solution.xml, customizations.xml and [Content_Types].xml must be at its root.',
      steps: [
        'Open the file with any zip tool and look at its root.',
        'Is there another zip? Give that one.',
        'Is there `Other/Solution.xml`? That is the unpacked form: pack it with `action-pack`.',
      ],
    },
    {
      code: '0x80048013',
      name: 'ImportNonWellFormedFileError',
      means:
        'An XML file of the archive is not well formed: a tag is not closed, or a character is not allowed.',
      causes: ['A merge left marker lines in the file.', 'The file was edited by hand.'],
      next: 'An XML file of the archive is broken. Pack it again from source.',
      steps: REPACK_STEPS,
    },
    {
      code: '0x8004801a',
      name: 'ImportXsdValidationError',
      means: 'The XML is well formed and still not what the platform expects. The message shows the place.',
      causes: ['A merge mixed two versions of a form, view or site map.', 'The file was edited by hand.'],
      next: 'The customizations are not valid; the message shows where. Undo the edit of that file, or export it again.',
      steps: REPACK_STEPS,
    },
    {
      code: '0x8004802c',
      name: 'ImportInvalidXmlError',
      means: 'The package holds invalid XML.',
      causes: ['A merge or an edit by hand.'],
      next: 'The package holds invalid XML. Pack it again from source, or export it again.',
      steps: REPACK_STEPS,
    },
    {
      code: '0x80071153',
      name: 'DuplicateComponentInSolutionXml',
      means: '`RootComponents` in `Other/Solution.xml` lists a component twice.',
      causes: ['A merge kept the line of both branches.'],
      next: 'A component is listed twice in solution.xml. Remove one entry.',
    },
    {
      code: '0x8004803a',
      name: 'ImportMissingRootComponentEntry',
      means: 'The archive holds a component that `RootComponents` does not list.',
      causes: ['A merge lost the line in `Other/Solution.xml`.', 'Files were copied from another solution.'],
      next: 'Add the component to RootComponents in Other/Solution.xml, or export the solution again.',
    },
    {
      code: '0x80048062',
      name: 'ImportAttributeNameError',
      means: 'The name of a column does not begin with a valid prefix.',
      causes: ['The column was made by hand, or under another publisher.'],
      next: 'Rename the column in development so that it begins with the prefix of the publisher.',
    },
    {
      code: '0x8004802b',
      name: 'ImportEmailTemplateErrorMissingFile',
      means: 'The attachment of an e-mail template is not in the archive.',
      causes: ['The file was deleted from the folder, or is excluded by `.gitignore`.'],
      next: 'Restore the file of the attachment in the unpacked folder, then pack again.',
    },
    {
      code: '0x80072354',
      name: 'CanvasAppsInvalidSolutionFileContent',
      means: 'The archive names a canvas app and lacks its document (`.msapp`).',
      causes: [
        'The document is excluded by `.gitignore`, or was not committed.',
        'Git LFS left a pointer in its place.',
      ],
      next: 'Restore the .msapp file of the app in the folder CanvasApps, then pack again.',
    },
    {
      code: '0x80048066',
      name: 'ImportSolutionPackageNotValid',
      means: 'The archive was made on a newer version of the platform.',
      causes: ['The development environment gets updates earlier than this one (early release).'],
      next: 'The archive was made on a newer version of the platform than this environment has.',
      steps: [
        'Compare the two versions in the message.',
        'Wait until this environment has the update, or export from one that has the same version.',
      ],
    },
    {
      code: '0x80048068',
      name: 'ImportSolutionPackageInvalidSolutionPackageVersion',
      means: 'The archive was made for a newer version of the platform, or for one that is far too old.',
      causes: [
        'The environments are of different versions.',
        'The archive is from Dynamics CRM 2011 or earlier.',
      ],
      next: 'The archive was made for a newer version of the platform than this environment has.',
    },
    {
      code: '0x8004f066',
      name: '',
      means: 'The upload that the check before the import made is not there any more.',
      causes: ['The wait for the environment was long, and the upload has expired.', 'Somebody deleted it.'],
      next: 'The staged upload has expired. Run the step again.',
    },
    {
      code: '0x80048049',
      name: 'ImportDefaultAsPackageError',
      means: 'The archive is the default solution as a managed one, which cannot be.',
      causes: ['The default solution was exported instead of a solution of your own.'],
      next: 'Put the components into a solution of their own and deploy that one.',
    },
    {
      code: '0x8004f01e',
      name: 'InvalidSolutionVersion',
      means: 'The version is not made of two to four whole numbers with points between them.',
      causes: ['A tag such as `v1.2.0-rc1` was used as the version.'],
      next: 'Use a version such as 1.2.0.0.',
    },
  ],
}
