import type { KnownErrorGroup } from './known-error.ts'

const VERSION_STEPS = [
  'Raise the version: `version: revision` of `action-export` or `action-pack` does it.',
  'Pack again and deploy that archive.',
]

export const VERSIONS: KnownErrorGroup = {
  title: 'It does not fit what is installed',
  errors: [
    {
      code: '0x80048040',
      name: 'ImportSolutionManagedToUnmanagedMismatch',
      means:
        'The solution is installed **unmanaged**, and the archive is managed. The platform does not mix the two.',
      causes: [
        'The environment was built up by unmanaged imports, or somebody developed in it.',
        '`environment-url` is that of the development environment.',
      ],
      next: 'The solution is installed unmanaged. Remove the unmanaged one (components stay), or deploy unmanaged here.',
      steps: [
        'Is this the development environment? Then give the unmanaged archive.',
        'Else try the following in a copy of the environment first.',
        'Delete the unmanaged solution in the maker portal. Only the container goes; components and data stay.',
        'Run the job again: the managed solution takes the components over.',
        'The whole way, solution by solution: [From unmanaged to managed](unmanaged-to-managed.md).',
      ],
    },
    {
      code: '0x80048041',
      name: 'ImportSolutionUnmanagedToManagedMismatch',
      means: 'The solution is installed **managed**, and the archive is unmanaged.',
      causes: [
        'The wrong one of the two archives was given.',
        '`environment-url` is not the development environment.',
      ],
      next: 'The solution is installed managed. Give the managed archive.',
      steps: [
        'For test and production, give the file whose name ends in `_managed.zip`.',
        'To develop in this environment, uninstall the managed solution first. That deletes its tables with their data.',
      ],
    },
    {
      code: '0x8004801c',
      name: 'ImportWrongPublisherError',
      means: 'A managed solution of this name is installed, of another publisher.',
      causes: [
        'The development environment was made anew, with a new publisher.',
        'Two teams chose the same name.',
      ],
      next: 'A managed solution cannot change its publisher. Build it with the publisher that is installed.',
    },
    {
      code: '0x80048038',
      name: 'ImportSolutionManagedError',
      means: 'The solution is there as managed, and this archive cannot upgrade it.',
      causes: ['The archive is unmanaged, or was built as another kind of solution.'],
      next: 'The solution is there as managed and cannot be upgraded by this archive.',
      steps: ['Give the managed archive of the same publisher.'],
    },
    {
      code: '0x80048541',
      name: 'LowerVersionUpgrade',
      means: 'An upgrade needs a version that is higher than the installed one.',
      causes: [
        'The version was not raised.',
        'An older archive was given, for example by running an old job again.',
      ],
      next: 'An upgrade needs a version higher than the installed one. Raise the version, or import as an update.',
      steps: VERSION_STEPS,
    },
    {
      code: '0x80048540',
      name: 'PatchMissingBase',
      means: 'The archive is a patch, and the solution that it patches is not installed.',
      causes: ['The base solution was never deployed here.'],
      next: 'Install the base solution before its patch.',
    },
    {
      code: '0x8004f042',
      name: 'CannotUpdateSolutionPatch',
      means: 'A patch of this very version is installed. A patch cannot be imported over itself.',
      causes: ['The job ran twice.'],
      next: 'That version of the patch is there already. Raise its version.',
      steps: ['Nothing to do if it is the same patch.', ...VERSION_STEPS],
    },
    {
      code: '0x80061771',
      name: 'CloneSolutionPatchException',
      means: 'A patch with the same or a higher version is installed.',
      causes: ['A later patch was deployed before this one.'],
      next: 'A patch with the same or a higher version is there already.',
      steps: ['Nothing to do if the later patch holds the change, too.', ...VERSION_STEPS],
    },
    {
      code: '0x80048538',
      name: 'CannotModifyPatchedSolution',
      means: 'The solution has patches, and so the platform locks it.',
      causes: ['Somebody made a patch in development.'],
      next: 'The solution has patches. Roll them up (clone the solution) before it is changed.',
      steps: [
        'In the maker portal, choose the solution and _Clone_, _Clone solution_: its patches become part of it.',
        'Export again.',
      ],
    },
    {
      code: '0x8004853b',
      name: 'SolutionUpgradeNotAvailable',
      means: 'There is no staged upgrade that could be applied.',
      causes: [
        'It was applied already.',
        'The step with `mode: stage` did not run, or staged another solution.',
      ],
      next: 'There is no staged upgrade to apply.',
    },
    {
      code: '0x8004853c',
      name: 'SolutionUpgradeWrongSolutionSelected',
      means: 'The name of the staged solution was given instead of that of its base.',
      causes: ['`solution-name` ends in `_Upgrade`.'],
      next: "Give the name of the base solution, without '_Upgrade'.",
    },
    {
      code: '0x8004f046',
      name: 'SolutionUpgradeFailed',
      means: 'The new version is beside the old one, and the old one could not be removed.',
      causes: ['Something outside of the solution uses a component that would be deleted.'],
      next: 'The new version was staged, but the old one could not be removed. See the inner error.',
      steps: [
        'The inner error says which component is in the way; see [0x8004f01f](#0x8004f01f).',
        'Remove that use in the environment.',
        'Apply what is staged: `mode: promote` with `solution-name`. Or delete the solution `<name>_Upgrade` and deploy again.',
      ],
    },
    {
      code: '0x8004f01d',
      name: 'CannotUninstallWithDependencies',
      means: 'Other solutions use components that would be deleted.',
      causes: ['A component was removed from this solution, and another solution is built on it.'],
      next: 'Other solutions need components that would be deleted. Upgrade or remove those first.',
      steps: [
        'In the maker portal, open the component and _See dependencies_.',
        'Remove the use in the other solution and deploy that one first, or keep the component.',
      ],
    },
    {
      code: '0x8004f01f',
      name: 'CannotDeleteInUseComponent',
      means: 'A component would be deleted, and something still uses it.',
      causes: [
        'A form, view, flow or app that was made in this environment uses it.',
        'Another solution uses it.',
      ],
      next: 'Something still uses the component that would be deleted. Remove the use first.',
      steps: [
        'In the maker portal, open the component and _See dependencies_ (or _Show dependencies_).',
        'Remove each use. Forms and views that were changed by hand here have an unmanaged layer: _See solution layers_.',
        'Run the job again.',
      ],
    },
    {
      code: '0x8004f020',
      name: 'CannotUninstallReferencedProtectedSolution',
      means: 'Another solution that is installed requires this one.',
      causes: ['The solutions build on each other.'],
      next: 'Another solution needs this one. Remove that one first.',
    },
    {
      code: '0x8004f024',
      name: 'CannotUpdateManagedSolution',
      means: 'A managed solution was to be changed, for example its version.',
      causes: ['`environment-url` is that of a test or production environment.'],
      next: 'A managed solution cannot be changed here.',
      steps: ['Change it in development, where it is unmanaged, and deploy the archive.'],
    },
    {
      code: '0x8004f031',
      name: 'OnlyOwnerCanSetManagedProperties',
      means:
        'A managed property of a component differs, and only the publisher who installed it may change it.',
      causes: ['The component belongs to a solution of another publisher, such as Microsoft.'],
      next: 'Managed properties of the component may be changed by its publisher only.',
      steps: ['Set the property back in development to what the other publisher set, and export again.'],
    },
    {
      code: '0x8004f026',
      name: 'GenericManagedPropertyFailure',
      means: 'A managed property of an installed component forbids the change.',
      causes: ['The publisher of the component did not allow to customize it.'],
      next: 'Take the component out of the solution, or ask its publisher to allow customizing it.',
    },
    {
      code: '0x8004f027',
      name: 'CombinedManagedPropertyFailure',
      means: 'At least one managed property of an installed component forbids the change.',
      causes: ['The publisher of the component did not allow to customize it.'],
      next: 'Take the component out of the solution, or ask its publisher to allow customizing it.',
    },
  ],
}
