import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { DeflatedBatch, Piece } from './deflate-pieces.ts'

/** Bytes from which on threads are started; each takes some 50 ms for it. */
const START_AT = 2 ** 20
/** Bytes of one message to a thread. */
const BATCH = 2 ** 17
/** Bytes that wait at one thread: enough to keep it busy between two looks at it. */
const AT_THREAD = 2 ** 22
/** The same at the end, when this thread looks at it after each piece, and would wait for what it gave away. */
const AT_THREAD_LAST = 2 ** 20
/** Bytes that wait here for whoever is free first; what is more, this thread does itself, so that memory has a bound. */
const HERE = 2 ** 22
/** Beside the thread that calls, which helps at the end. */
const MAX_THREADS = Math.min(3, availableParallelism() - 1)

type Pieces = typeof import('./deflate-pieces.ts')

interface Job {
  readonly piece: Piece
  readonly done: (deflated: Uint8Array) => void
}

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  /** Batches that it has not answered yet, in order. */
  readonly batches: (readonly Job[])[]
  /** Their bytes. */
  waiting: number
}

/** Deflates many pieces: in threads as soon as there is enough to do, and in this one too when it has nothing else to do. */
export class Deflater {
  readonly #pieces: Pieces
  #start: ((port: MessagePort) => Worker) | undefined
  readonly #threads = new Set<Thread>()
  #jobs: Job[] = []
  #bytes = 0
  #mostAtThread = AT_THREAD
  #total = 0
  #answered: (() => void) | undefined

  private constructor(pieces: Pieces, start: ((port: MessagePort) => Worker) | undefined) {
    this.#pieces = pieces
    this.#start = start
  }

  static async open(): Promise<Deflater> {
    const { deflateThread } = await import('./deflate-thread.ts')
    return new Deflater(await import('./deflate-pieces.ts'), deflateThread)
  }

  /** Deflates a piece at once, in this thread. */
  deflateHere(piece: Piece): Uint8Array {
    return this.#pieces.deflatePiece(piece)
  }

  deflate(piece: Piece): Promise<Uint8Array> {
    return new Promise((done) => {
      this.#jobs.push({ piece, done })
      this.#bytes += piece.bytes.length
      this.#total += piece.bytes.length
      if (this.#total >= START_AT) this.#startThreads()
      if (this.#bytes < BATCH) return
      this.#feed()
      while (this.#threads.size > 0 && this.#bytes > HERE) this.#deflateNext()
    })
  }

  /** Resolves when everything has been deflated. */
  async finish(): Promise<void> {
    this.#mostAtThread = AT_THREAD_LAST
    for (;;) {
      this.#feed()
      if (this.#deflateNext()) {
        // Lets answers in, so that the threads get more.
        await setImmediate()
      } else if ([...this.#threads].some(({ batches }) => batches.length > 0)) {
        await new Promise<void>((resolve) => (this.#answered = resolve))
      } else return
    }
  }

  /** Does one piece in this thread; false when none waits. */
  #deflateNext(): boolean {
    const job = this.#jobs.shift()
    if (job === undefined) return false
    this.#bytes -= job.piece.bytes.length
    job.done(this.deflateHere(job.piece))
    return true
  }

  async close(): Promise<void> {
    const workers = [...this.#threads].map(({ worker }) => worker)
    for (const { port } of this.#threads) port.close()
    this.#threads.clear()
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #startThreads(): void {
    const start = this.#start
    if (start === undefined) return
    this.#start = undefined
    for (let n = 0; n < MAX_THREADS; n += 1) {
      const { port1, port2 } = new MessageChannel()
      this.#addThread(start(port2), port1)
    }
  }

  #addThread(worker: Worker, port: MessagePort): void {
    const thread: Thread = { worker, port, batches: [], waiting: 0 }
    this.#threads.add(thread)
    port.on('message', (deflated: DeflatedBatch) => {
      this.#take(thread, deflated)
      this.#feed()
      this.#answered?.()
    })
    // A thread that ends on its own, as without memory, leaves its work to the others.
    const giveUp = (): void => {
      if (!this.#threads.delete(thread)) return
      port.close()
      for (const job of thread.batches.splice(0).flat()) {
        this.#jobs.push(job)
        this.#bytes += job.piece.bytes.length
      }
      this.#answered?.()
    }
    worker.on('error', giveUp)
    worker.on('exit', giveUp)
  }

  #take(thread: Thread, { bytes, lengths }: DeflatedBatch): void {
    const jobs = thread.batches.shift() ?? []
    let at = 0
    for (const [i, { piece, done }] of jobs.entries()) {
      done(bytes.subarray(at, (at += lengths[i] ?? 0)))
      thread.waiting -= piece.bytes.length
    }
  }

  #feed(): void {
    for (const thread of this.#threads) {
      // While this thread is at work, no message comes by itself.
      for (
        let answer = receiveMessageOnPort(thread.port);
        answer !== undefined;
        answer = receiveMessageOnPort(thread.port)
      ) {
        const deflated: DeflatedBatch = answer.message
        this.#take(thread, deflated)
      }
      while (this.#jobs.length > 0 && thread.waiting < this.#mostAtThread) {
        const batch = this.#nextBatch()
        thread.batches.push(batch)
        const bytes = this.#pieces.joined(batch.map(({ piece }) => piece.bytes))
        thread.waiting += bytes.length
        const pieces = batch.map(({ piece: { bytes: of, before, isLast } }) => ({
          length: of.length,
          before,
          isLast,
        }))
        thread.port.postMessage({ bytes, pieces }, [bytes.buffer])
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
