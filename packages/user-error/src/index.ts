/**
 * Something outside our code is not as it must be: an input, a file, an environment. The message says what, where,
 * and what to do next, and is all that a person sees. Every other error is a defect of ours and is reported as one.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

export { counted, duration, errorText, listed, quotedList } from './words.ts'
export { didYouMean, nearest, slips } from './nearest.ts'
