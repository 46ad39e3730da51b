export function layOut(
  target: string,
  names?: { readonly owner?: string; readonly version?: string; readonly source?: string },
): void
