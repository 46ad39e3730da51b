import { basename } from 'node:path'
import { isNativeError } from 'node:util/types'
import { UserError } from '@dsa/user-error'

/**
 * What a person is told of an error: the message of a `UserError` and of the operating system, which name what to do;
 * of any other one that it is a defect of ours, where it is, and where to report it.
 *
 * @param environment of the job, which names the repository of the action
 */
export function messageFor(
  error: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (error instanceof UserError) return error.message
  if (isOfSystem(error)) return `The system of the runner refused: ${error.message}.`
  const repository = environment['GITHUB_ACTION_REPOSITORY'] ?? ''
  const issues = /^[\w.-]+\/[\w.-]+$/.test(repository) ? ` at https://github.com/${repository}/issues` : ''
  const what = isNativeError(error) ? `${error.name}: ${error.message}` : String(error)
  return (
    `This is a fault of the action, please report it${issues}: ${what}${placeOf(error)}. ` +
    'Nothing in your workflow has to be changed for it. A re-run with debug logging shows more.'
  )
}

/** A file that is not there, no room on the disk, and the like. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return isNativeError(error) && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

/** The innermost place of the stack, without the folders of the machine. */
function placeOf(error: unknown): string {
  const line = isNativeError(error) ? /^ +at (.+)$/m.exec(error.stack ?? '')?.[1] : undefined
  return line === undefined
    ? ''
    : ` (at ${line.replace(/(?:file:\/\/)?[^\s()]*[\\/][^\s()]*/g, (path) => basename(path.replaceAll('\\', '/')))})`
}

/** The stack of an error and of what caused it; for the debug log only. */
export function stacksOf(error: unknown): readonly string[] {
  const stacks: string[] = []
  for (let current = error; isNativeError(current) && stacks.length < 8; current = current.cause) {
    stacks.push(current.stack ?? String(current))
  }
  return stacks
}
