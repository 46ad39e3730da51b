import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type DeflatedBatch, deflatePiece, joined, type Piece } from './deflate-pieces.ts'

/** Bytes from which on threads are started; each takes some 50 ms for it. */
const START_AT = 2 ** 20
/** Bytes of one message to a thread. */
const BATCH = 2 ** 17
/** Bytes that wait at one thread; what is more waits here, for whoever is free first. */
const AT_THREAD = 2 ** 24
/** Beside the thread that calls, which helps at the end. */
const MAX_THREADS = Math.min(3, availableParallelism() - 1)

interface Job {
  readonly piece: Piece
  readonly done: (deflated: Uint8Array) => void
}

interface Thread {
  readonly worker: Worker
  /** Batches that it has not answered yet, in order. */
  readonly batches: (readonly Job[])[]
  /** Their bytes. */
  waiting: number
}

/** Deflates many pieces: in threads as soon as there is enough to do, and in this one too when it has nothing else to do. */
export class Deflater {
  #start: (() => Worker) | undefined
  readonly #threads = new Set<Thread>()
  #jobs: Job[] = []
  #bytes = 0
  #total = 0
  #answered: (() => void) | undefined

  private constructor(start: (() => Worker) | undefined) {
    this.#start = start
  }

  static async open(): Promise<Deflater> {
    const { deflateThread } = await import('./deflate-thread.ts')
    return new Deflater(deflateThread && (() => new Worker(deflateThread.file, deflateThread.options)))
  }

  deflate(piece: Piece): Promise<Uint8Array> {
    return new Promise((done) => {
      this.#jobs.push({ piece, done })
      this.#bytes += piece.bytes.length
      this.#total += piece.bytes.length
      if (this.#total >= START_AT) this.#startThreads()
      if (this.#bytes >= BATCH) this.#feed()
    })
  }

  /** Resolves when everything has been deflated. */
  async finish(): Promise<void> {
    for (;;) {
      this.#feed()
      const job = this.#jobs.shift()
      if (job) {
        this.#bytes -= job.piece.bytes.length
        job.done(deflatePiece(job.piece))
        // Lets answers in, so that the threads get more.
        await setImmediate()
      } else if ([...this.#threads].some(({ batches }) => batches.length > 0)) {
        await new Promise<void>((resolve) => (this.#answered = resolve))
      } else return
    }
  }

  async close(): Promise<void> {
    const workers = [...this.#threads].map(({ worker }) => worker)
    this.#threads.clear()
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #startThreads(): void {
    const start = this.#start
    if (start === undefined) return
    this.#start = undefined
    for (let n = 0; n < MAX_THREADS; n += 1) this.#addThread(start())
  }

  #addThread(worker: Worker): void {
    const thread: Thread = { worker, batches: [], waiting: 0 }
    this.#threads.add(thread)
    worker.on('message', ({ bytes, lengths }: DeflatedBatch) => {
      const jobs = thread.batches.shift() ?? []
      let at = 0
      for (const [i, { piece, done }] of jobs.entries()) {
        done(bytes.subarray(at, (at += lengths[i] ?? 0)))
        thread.waiting -= piece.bytes.length
      }
      this.#feed()
      this.#answered?.()
    })
    // A thread that ends on its own, as without memory, leaves its work to the others.
    const giveUp = (): void => {
      if (!this.#threads.delete(thread)) return
      for (const job of thread.batches.splice(0).flat()) {
        this.#jobs.push(job)
        this.#bytes += job.piece.bytes.length
      }
      this.#answered?.()
    }
    worker.on('error', giveUp)
    worker.on('exit', giveUp)
  }

  #feed(): void {
    for (const thread of this.#threads) {
      while (this.#jobs.length > 0 && thread.waiting < AT_THREAD) {
        const batch = this.#nextBatch()
        thread.batches.push(batch)
        const bytes = joined(batch.map(({ piece }) => piece.bytes))
        thread.waiting += bytes.length
        const pieces = batch.map(({ piece: { bytes: of, before, isLast } }) => ({
          length: of.length,
          before,
          isLast,
        }))
        thread.worker.postMessage({ bytes, pieces }, [bytes.buffer])
      }
    }
  }

  #nextBatch(): readonly Job[] {
    let count = 0
    let bytes = 0
    while (count < this.#jobs.length && bytes < BATCH) {
      bytes += this.#jobs[count]?.piece.bytes.length ?? 0
      count += 1
    }
    this.#bytes -= bytes
    return this.#jobs.splice(0, count)
  }
}
