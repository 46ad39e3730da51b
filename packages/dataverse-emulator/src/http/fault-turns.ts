/** Which of the requests, or jobs, that a fault is for meet it. */
export interface Turn {
  /** The first that does, counted from 1 (default 1). */
  readonly nth?: number
  /** How many do from there (default 1). */
  readonly times?: number
}

/** Faults, each of which counts what it is for. */
export interface FaultTurns<Fault extends Turn> {
  add(faults: readonly Fault[]): void
  clear(): void
  /** Faults with how many each has seen. */
  list(): readonly (Fault & { readonly seen: number })[]
  /** The first fault whose turn it is; every one that is meant counts. */
  next(isMeant: (fault: Fault) => boolean): Fault | undefined
}

export function createFaultTurns<Fault extends Turn>(): FaultTurns<Fault> {
  let entries: { readonly fault: Fault; seen: number }[] = []
  return {
    add(faults) {
      entries.push(...faults.map((fault) => ({ fault, seen: 0 })))
    },
    clear() {
      entries = []
    },
    list: () => entries.map(({ fault, seen }) => ({ ...fault, seen })),
    next(isMeant) {
      let chosen: Fault | undefined
      for (const entry of entries) {
        const { fault } = entry
        if (!isMeant(fault)) continue
        entry.seen += 1
        const first = fault.nth ?? 1
        if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) chosen ??= fault
      }
      return chosen
    },
  }
}
