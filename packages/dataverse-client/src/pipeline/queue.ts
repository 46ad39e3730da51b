import { counted } from '@dsa/user-error'
import type { Clock, Logger } from './contracts.ts'
import { EnvironmentBusyError } from './errors.ts'

/**
 * The time that one piece of work may wait for other solution operations of the environment, which works on one at a
 * time. Only waiting counts, not what happens between two waits.
 */
export interface Queue {
  /**
   * Waits a while, longer each time, at most for the time that is left. Whoever waited looks at the environment again:
   * what ran meanwhile may have changed it.
   * @param reason what holds the environment, in a sentence
   * @param askedMs how long the service asked to wait
   * @throws EnvironmentBusyError when the time is used up; at once where nothing may be waited
   */
  wait(reason: string, askedMs?: number): Promise<void>
}

/** What a queue asks of a client. */
export interface QueueWorld {
  readonly environmentUrl: string
  readonly maxQueueWaitMs: number
  readonly clock: Clock
  readonly log: Logger
  sleep(ms: number): Promise<void>
}

const FIRST_MS = 15_000
const GROWTH = 1.5
const LONGEST_MS = 60_000

/** Starts counting. Pieces of work that share the time share the queue. */
export function openQueue(world: QueueWorld): Queue {
  const { environmentUrl, maxQueueWaitMs, clock, log } = world
  let waits = 0
  let waitedMs = 0
  return {
    async wait(reason, askedMs = 0) {
      const leftMs = maxQueueWaitMs - waitedMs
      if (leftMs <= 0) throw busy(environmentUrl, maxQueueWaitMs, reason)
      if (waits === 0) log.notice(`Waiting until the environment is free: ${reason}`)
      const waitMs = Math.min(leftMs, Math.max(askedMs, Math.min(LONGEST_MS, FIRST_MS * GROWTH ** waits)))
      waits++
      const from = clock()
      await world.sleep(Math.round(waitMs))
      waitedMs += Math.max(waitMs, clock() - from)
    },
  }
}

function busy(environmentUrl: string, maxQueueWaitMs: number, reason: string): EnvironmentBusyError {
  const how =
    maxQueueWaitMs === 0
      ? 'is busy with another solution operation, and nothing may be waited'
      : `was busy with other solution operations for ${minutes(maxQueueWaitMs)}`
  return new EnvironmentBusyError(
    `${environmentUrl} ${how}: ${reason} Nothing was started. Wait for it to end (Solutions, History) or raise ` +
      "'max-queue-wait-time'.",
  )
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000)
  return counted(whole, 'minute')
}
