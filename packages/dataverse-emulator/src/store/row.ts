/** A value in a row. Structured values are plain JSON. */
export type Value =
  string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value | undefined }

/**
 * A row of a table. Names in parentheses are no columns: they are the emulator's own notes, and no answer shows
 * them.
 */
export type Row = Readonly<Record<string, Value>>
