import type { ArchiveContent } from '../solutions/archive/content.ts'
import type { ImportOptions } from '../solutions/import/import-options.ts'
import type { JobFault } from './job-fault.ts'

/** What a job works on. */
export interface JobInput {
  /** The unique name of the solution that it is about; empty when it is about all. */
  readonly solution: string
  readonly content?: ArchiveContent
  readonly importJobId?: string
  readonly options?: ImportOptions
  readonly exportJobId?: string
  readonly managed?: boolean
}

/** A job that the environment carries out later, as data, so that a snapshot holds it too. */
export interface Job {
  readonly id: string
  /** The message that started it; names its handler. */
  readonly message: string
  /** What it does, in the words of the lock: Import, Export, Uninstall, PublishAll. */
  readonly lock: string
  readonly input: JobInput
  readonly userId: string
  readonly order: number
  readonly state: 'queued' | 'running' | 'done'
  readonly createdAt: number
  readonly startedAt: number
  readonly endsAt: number
  readonly fault: JobFault | null
}
