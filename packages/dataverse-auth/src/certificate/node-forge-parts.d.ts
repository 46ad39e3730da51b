/** The parts of node-forge that a PFX needs, which are half of it. */
declare module 'node-forge/lib/forge.js' {
  import forge from 'node-forge'
  export default forge
}
declare module 'node-forge/lib/pkcs12.js' {}
