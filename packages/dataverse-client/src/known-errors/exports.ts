import type { KnownErrorGroup } from './known-error.ts'

export const EXPORTS: KnownErrorGroup = {
  title: 'Exporting',
  errors: [
    {
      code: '0x80048036',
      name: 'ExportManagedSolutionError',
      means: 'The solution is managed in this environment, and managed solutions cannot be exported.',
      causes: ['`environment-url` is that of a test or production environment.'],
      next: 'A managed solution cannot be exported. Export it from the development environment, where it is unmanaged.',
    },
    {
      code: '0x80048037',
      name: 'ExportMissingSolutionError',
      means: 'No solution of this name is in the environment.',
      causes: [
        'The display name was given instead of the unique name.',
        '`environment-url` is that of another environment.',
      ],
      next: 'The solution is not in this environment. Check the unique name.',
      steps: [
        'The message of `action-export` lists the names that are near.',
        'In the maker portal: _Solutions_, the column _Name_.',
      ],
    },
    {
      code: '0x80048048',
      name: 'ExportDefaultAsPackagedError',
      means: 'The default solution cannot be exported as a package.',
      causes: ['`solution-name` is that of the default solution.'],
      next: 'The default solution cannot be exported as a package. Put the components into a solution of their own.',
    },
    {
      code: '0x80048035',
      name: 'ExportSolutionError',
      means: 'The export failed, and the code says nothing about the cause.',
      causes: ['A component of the solution is damaged, or refers to something that was deleted.'],
      next: 'Read the message; if it names a component, open it in development, save and publish it, then export again.',
    },
  ],
}
