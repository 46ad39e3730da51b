import { readFileSync, readlinkSync } from 'node:fs'
import { nodeErrorCode } from '../../node-error.ts'
import { hasCode } from '../walk.ts'

/** Tells one process from every other that was or will be on this machine, as far as the system says so. */
export interface Owner {
  readonly pid: number
  /** When it was started, in ticks since the start of the machine. Linux only, as is the rest. */
  readonly start: string
  /** Of the start of the machine. */
  readonly boot: string
  /** Within which the number counts: each container has its own. */
  readonly namespace: string
}

/** How long a claim from another container counts, where nobody can see whether its process lives. Unpacking takes seconds. */
const unseenForMs = 60 * 60_000

export function thisProcess(): Owner {
  return {
    pid: process.pid,
    start: stateOf(process.pid)?.start ?? '',
    boot: known(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    namespace: known(() => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')) ?? '',
  }
}

/** @param ageMs how long ago the owner said that it is one */
export function isAlive(owner: Owner, ageMs: number): boolean {
  const self = thisProcess()
  if (owner.boot !== self.boot) return false
  if (owner.namespace !== self.namespace) return ageMs < unseenForMs
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // One that may not be signalled is there.
    if (hasCode(error, 'ESRCH')) return false
  }
  const found = stateOf(owner.pid)
  // A number is given anew when its process has ended.
  return found === undefined || (found.start === owner.start && !found.hasEnded)
}

/** proc(5): the second field is the name, in parentheses, and may hold anything; the third is the state, the 22nd the start. */
function stateOf(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  const stat = known(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { start: fields[19] ?? '', hasEnded: fields[0] === 'Z' || fields[0] === 'X' }
}

/** Other systems have no such files. */
function known(read: () => string): string | undefined {
  try {
    return read()
  } catch (error) {
    if (nodeErrorCode(error) === undefined) throw error
    return undefined
  }
}
