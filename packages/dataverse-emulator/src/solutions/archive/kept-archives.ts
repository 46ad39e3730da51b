/** The archives that a solution was imported or seeded from, so that it can be exported again. */
export interface KeptArchives {
  readonly unmanaged?: Uint8Array
  readonly managed?: Uint8Array
}
