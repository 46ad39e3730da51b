/** What an error code of the platform means and what the person who deploys can do about it. */
export interface ErrorAdvice {
  readonly code: string
  /** The name in Microsoft's list of web service error codes. */
  readonly name: string
  readonly next: string
}

const TABLE: readonly (readonly [code: string, name: string, next: string])[] = [
  [
    '0x80040216',
    'UnExpected',
    'An internal error. Run the step once more; if it stays, give the request id to Microsoft support.',
  ],
  [
    '0x80040217',
    'ObjectDoesNotExist',
    'A row that the solution refers to is not in the environment. Add the component to the solution, or create the row first.',
  ],
  [
    '0x80040220',
    'PrivilegeDenied',
    'Give the application user the role System Administrator or System Customizer in this environment.',
  ],
  [
    '0x80040224',
    'IsvUnExpected',
    'A plug-in that runs during the import failed. Look at its trace log, or switch it off for the import.',
  ],
  ['0x80040265', 'IsvAborted', 'A plug-in stopped the operation on purpose; its message says why.'],
  ['0x80044151', 'SqlTimeout', 'The database was too busy. Run the step again at a quieter time.'],
  [
    '0x80045001',
    'WorkflowCompileFailure',
    'A workflow does not compile here: something it uses is missing. Add it to the solution.',
  ],
  [
    '0x80048013',
    'ImportNonWellFormedFileError',
    'An XML file of the archive is broken. Pack it again from source.',
  ],
  [
    '0x80048017',
    'ImportRoleError',
    'A security role of that id cannot be changed or its name is taken. Rename one of the two roles.',
  ],
  [
    '0x80048018',
    'ImportRolePermissionError',
    'Give the application user System Administrator: only it may import security roles.',
  ],
  [
    '0x8004801a',
    'ImportXsdValidationError',
    'The customizations are not valid; the message shows where. Undo the edit of that file, or export it again.',
  ],
  [
    '0x8004801c',
    'ImportWrongPublisherError',
    'A managed solution cannot change its publisher. Build it with the publisher that is installed.',
  ],
  [
    '0x8004801d',
    'ImportMissingDependenciesError',
    'Install the solutions that supply the missing components first, or add the components to this solution.',
  ],
  ['0x8004801e', 'ImportGenericError', 'See the components that failed below.'],
  [
    '0x8004801f',
    'ImportMissingComponent',
    'A root component is not in the archive and not in the environment. Add it to the solution.',
  ],
  [
    '0x80048021',
    'ImportWorkflowError',
    'A workflow of that id cannot be changed or its name is taken. Delete or rename the one in the environment.',
  ],
  [
    '0x80048022',
    'ImportWorkflowAttributeDependencyError',
    'A workflow uses a column that is not there. Add the column to the solution.',
  ],
  [
    '0x80048023',
    'ImportWorkflowEntityDependencyError',
    'A workflow uses a table that is not there. Add the table to the solution.',
  ],
  [
    '0x80048026',
    'ImportLanguagesIgnoredError',
    'Labels of languages that are not enabled were left out. Enable the languages in the environment, or ignore it.',
  ],
  [
    '0x80048027',
    'ImportWorkflowNameConflictError',
    'A workflow of that name but another id is there. Rename or delete it.',
  ],
  [
    '0x80048028',
    'ImportWorkflowPublishedError',
    'Switch the workflow off in the environment, then import again.',
  ],
  [
    '0x8004802c',
    'ImportInvalidXmlError',
    'The package holds invalid XML. Pack it again from source, or export it again.',
  ],
  ['0x80048033', 'ImportSolutionError', 'See the components that failed below.'],
  ['0x80048034', 'ImportDependencySolutionError', 'Install the named solutions first.'],
  [
    '0x80048036',
    'ExportManagedSolutionError',
    'A managed solution cannot be exported. Export it from the development environment, where it is unmanaged.',
  ],
  [
    '0x80048037',
    'ExportMissingSolutionError',
    'The solution is not in this environment. Check the unique name.',
  ],
  [
    '0x80048038',
    'ImportSolutionManagedError',
    'The solution is there as managed and cannot be upgraded by this archive.',
  ],
  [
    '0x80048039',
    'ImportOptionSetAttributeError',
    'A column uses a choice that is not there. Add the choice to the solution.',
  ],
  [
    '0x80048040',
    'ImportSolutionManagedToUnmanagedMismatch',
    'The solution is installed unmanaged. Remove the unmanaged one (components stay), or deploy unmanaged here.',
  ],
  [
    '0x80048041',
    'ImportSolutionUnmanagedToManagedMismatch',
    'The solution is installed managed. Give the managed archive.',
  ],
  [
    '0x80048048',
    'ExportDefaultAsPackagedError',
    'The default solution cannot be exported as a package. Put the components into a solution of their own.',
  ],
  [
    '0x80048060',
    'ImportCustomizationsBadZipFileError',
    'The file is no solution archive: solution.xml, customizations.xml and [Content_Types].xml must be at its root.',
  ],
  [
    '0x80048066',
    'ImportSolutionPackageNotValid',
    'The archive was made on a newer version of the platform than this environment has.',
  ],
  [
    '0x80048068',
    'ImportSolutionPackageInvalidSolutionPackageVersion',
    'The archive was made for a newer version of the platform than this environment has.',
  ],
  [
    '0x80048538',
    'CannotModifyPatchedSolution',
    'The solution has patches. Roll them up (clone the solution) before it is changed.',
  ],
  ['0x8004853b', 'SolutionUpgradeNotAvailable', 'There is no staged upgrade to apply.'],
  [
    '0x8004853c',
    'SolutionUpgradeWrongSolutionSelected',
    "Give the name of the base solution, without '_Upgrade'.",
  ],
  ['0x80048540', 'PatchMissingBase', 'Install the base solution before its patch.'],
  [
    '0x80048541',
    'LowerVersionUpgrade',
    'An upgrade needs a version higher than the installed one. Raise the version, or import as an update.',
  ],
  [
    '0x80048543',
    'SolutionImportCauseTimeout',
    'Another import was running. Wait for it to end and run the step again.',
  ],
  [
    '0x8004f01d',
    'CannotUninstallWithDependencies',
    'Other solutions need components that would be deleted. Upgrade or remove those first.',
  ],
  [
    '0x8004f01f',
    'CannotDeleteInUseComponent',
    'Something still uses the component that would be deleted. Remove the use first.',
  ],
  [
    '0x8004f020',
    'CannotUninstallReferencedProtectedSolution',
    'Another solution needs this one. Remove that one first.',
  ],
  ['0x8004f024', 'CannotUpdateManagedSolution', 'A managed solution cannot be changed here.'],
  [
    '0x8004f031',
    'OnlyOwnerCanSetManagedProperties',
    'Managed properties of the component may be changed by its publisher only.',
  ],
  [
    '0x8004f036',
    'InvalidDependency',
    'A component that is needed does not exist in the environment. Add it to the solution.',
  ],
  [
    '0x8004f040',
    'InvalidDependencyComponent',
    'A required component is not in the environment. Add it to the solution.',
  ],
  [
    '0x8004f042',
    'CannotUpdateSolutionPatch',
    'That version of the patch is there already. Raise its version.',
  ],
  [
    '0x8004f046',
    'SolutionUpgradeFailed',
    'The new version was staged, but the old one could not be removed. See the inner error.',
  ],
  ['0x8004f066', 'InvalidStageSolutionUpload', 'The staged upload has expired. Run the step again.'],
  [
    '0x80060467',
    'FlowServiceClientError',
    'A flow could not be switched on: check its connection references, and that the connections are shared with the application user.',
  ],
  [
    '0x80061771',
    'CloneSolutionPatchException',
    'A patch with the same or a higher version is there already.',
  ],
  [
    '0x80071151',
    'SolutionConcurrencyFailure',
    'Another solution operation was running. Run the step again when it has ended.',
  ],
  [
    '0x80071153',
    'DuplicateComponentInSolutionXml',
    'A component is listed twice in solution.xml. Remove one entry.',
  ],
  [
    '0x80071156',
    'CyclicDependency',
    'Components need each other in a circle. Break the circle, or import them in one solution.',
  ],
  ['0x80072560', 'UserNotMemberOfOrg', 'Add the application user in the Power Platform admin center.'],
]

const BY_CODE = new Map(TABLE.map(([code, name, next]) => [code, { code, name, next }]))

/** The advice for a code (lower-case hex, see `normalizeCode`), or `undefined` for one that is not in the table. */
export const errorAdvice = (code: string): ErrorAdvice | undefined => BY_CODE.get(code)
