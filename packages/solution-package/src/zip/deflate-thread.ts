import { type MessagePort, Worker, workerData } from 'node:worker_threads'
import { type Batch, deflateBatch } from './deflate-pieces.ts'

const role = 'deflate'

/** What is deflated lies in buffers, beside the heap that this limits. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 }

// The build gives what is imported lazily a file of its own, and only such a file can be started as a thread. In one
// file with everything else, the thread would run everything else.
const hasOwnFile = /\/deflate-thread[^/]*\.js$/.test(import.meta.url)

/** Starts this module as a thread that answers at a port; undefined where it has no file of its own, as in tests. */
export const deflateThread = hasOwnFile
  ? (port: MessagePort): Worker =>
      new Worker(new URL(import.meta.url), {
        workerData: { role, port },
        transferList: [port],
        resourceLimits,
      })
  : undefined

const given: { readonly role?: unknown; readonly port?: MessagePort } | null = workerData
if (given?.role === role) {
  given.port?.on('message', (batch: Batch) => {
    const deflated = deflateBatch(batch)
    given.port?.postMessage(deflated, [deflated.bytes.buffer])
  })
}
