/** A token like the runner's: the artifact client reads the run and the job from its scope; nobody checks the signature. */
export function runtimeToken(run) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ scp: `Actions.Results:${run}:job` })}.emulated-signature-of-the-runner`
}
