import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, deflateBatch } from './deflate-pieces.ts'

const role = 'deflate'

// The build gives what is imported lazily a file of its own, and only such a file can be started as a thread. In one
// file with everything else, the thread would run everything else.
const hasOwnFile = /\/deflate-thread[^/]*\.js$/.test(import.meta.url)

/** How to start this module as a thread; undefined where it has no file of its own, as in tests. */
export const deflateThread = hasOwnFile
  ? { file: new URL(import.meta.url), options: { workerData: role } }
  : undefined

if (workerData === role && parentPort !== null) {
  const port = parentPort
  port.on('message', (batch: Batch) => {
    const deflated = deflateBatch(batch)
    port.postMessage(deflated, [deflated.bytes.buffer])
  })
}
