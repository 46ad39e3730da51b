import type { TableRules } from './table-rules.ts'

/** The full name of a contact is made of its parts. */
export const contactRules: TableRules = {
  create: (row) => ({ ...row, fullname: fullName(row['firstname'], row['lastname']) }),
  update: (_, row) => ({ ...row, fullname: fullName(row['firstname'], row['lastname']) }),
}

function fullName(first: unknown, last: unknown): string | null {
  const words = [first, last].filter((word) => typeof word === 'string' && word !== '')
  return words.length === 0 ? null : words.join(' ')
}
