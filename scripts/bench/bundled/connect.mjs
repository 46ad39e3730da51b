import { connect } from '../../../packages/dataverse-auth/src/index.ts'
import { withHttp } from '../../../packages/dataverse-client/src/index.ts'

const silent = { debug() {}, info() {}, notice() {}, warning() {}, error() {} }

/** Signs in and asks WhoAmI, on connections of its own, as an action does once. */
export function connectOnce(inputs) {
  return withHttp((fetch) =>
    connect(inputs, {
      fetch,
      clock: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      signal: new AbortController().signal,
      log: silent,
      getIdToken: () => Promise.reject(new Error('No OIDC here.')),
      addMask() {},
    }),
  )
}
