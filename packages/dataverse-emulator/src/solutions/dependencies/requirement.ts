/** What a solution needs, as its manifest says: dependent and required component by key. */
export interface Requirement {
  readonly solution: string
  readonly required: string
  readonly dependent: string
}
