declare module '*/action.yml' {
  const metadata: import('./declared-inputs.ts').ActionMetadata
  export default metadata
}
