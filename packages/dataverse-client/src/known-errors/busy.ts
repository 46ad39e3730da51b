import type { KnownErrorGroup } from './known-error.ts'

const LIMIT_CAUSES = [
  'Many jobs sign in as the same application at the same time.',
  'An integration with the same application user loads the environment.',
]
const LIMIT_NEXT =
  'Nothing: the action waits as long as the service says. If it stays, let fewer jobs run at the same time.'

export const BUSY: KnownErrorGroup = {
  title: 'The environment is busy',
  errors: [
    {
      code: '0x80071151',
      name: 'SolutionConcurrencyFailure',
      means:
        'Another import, export, publish or uninstall runs. An environment does one at a time. Nothing was started.',
      causes: [
        'Another workflow, or a person in the maker portal, works on this environment.',
        'Microsoft updates one of its own apps.',
      ],
      next: 'Another solution operation was running. Run the step again when it has ended.',
      steps: [
        'The action waits by itself, for as long as `max-queue-wait-time` says.',
        'If it gives up, look in the maker portal under _Solutions_, _History_, which operation runs and since when.',
        'Let one workflow at a time deploy to an environment: `concurrency: { group: deploy-production, cancel-in-progress: false }` in the job. See [Deploy](deploy.md).',
      ],
    },
    {
      code: '0x80048543',
      name: 'SolutionImportCauseTimeout',
      means: 'The operation ran out of time on the server, most often because of an import beside it.',
      causes: ['Another import runs.', 'A large import at a time when many people work.'],
      next: 'Another import was running. Wait for it to end and run the step again.',
    },
    {
      code: '0x80044151',
      name: 'unManagedidssqltimeouterror',
      means: 'The database did not answer in time.',
      causes: ['The environment is under load, for example from a bulk job or a runaway flow.'],
      next: 'The database was too busy. Run the step again at a quieter time.',
    },
    {
      code: '0x80072322',
      name: 'ThrottlingBurstRequestLimitExceededError',
      means: 'This user sent too many requests within five minutes.',
      causes: LIMIT_CAUSES,
      next: LIMIT_NEXT,
    },
    {
      code: '0x80072321',
      name: 'ThrottlingTimeExceededError',
      means: 'The requests of this user took too much time of the server within five minutes.',
      causes: LIMIT_CAUSES,
      next: LIMIT_NEXT,
    },
    {
      code: '0x80072326',
      name: 'ThrottlingConcurrencyLimitExceededError',
      means: 'This user has too many requests open at the same time.',
      causes: LIMIT_CAUSES,
      next: LIMIT_NEXT,
    },
    {
      code: '0x8005f103',
      name: 'Throttling',
      means: 'Too many requests.',
      causes: LIMIT_CAUSES,
      next: LIMIT_NEXT,
    },
    {
      code: '0x80060916',
      name: 'AsyncOperationTypeThrottled',
      means: 'The server put the job back in its queue and tries it again by itself.',
      causes: ['Many jobs of this kind wait in the environment.'],
      next: 'Wait: the environment starts the job again by itself.',
    },
    {
      code: '0x80040216',
      name: 'UnExpected',
      means: 'An internal error of the service. The code says nothing about the cause.',
      causes: ['A passing fault of the service.', 'Something in a component; then it comes back every time.'],
      next: 'An internal error. Run the step once more; if it stays, give the request id to Microsoft support.',
      steps: [
        'Run the job again.',
        'If it stays, look into the record of the import (`log-artifact-name` uploads it): the last component in it is often the one.',
        'Give Microsoft support the request id and the time of the message.',
      ],
    },
    {
      code: '0x80072031',
      name: '',
      means: 'The operation ended without reporting its status. The history shows its start as its end.',
      causes: ['The server restarted while it ran.'],
      next: 'It can be repeated safely: run the step again.',
    },
  ],
}
