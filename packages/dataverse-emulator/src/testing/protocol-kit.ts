import { type Kit } from './with-emulator.ts'

export async function contact(kit: Kit, lastname: string, more: object = {}) {
  const answer = await kit.ask('dev', 'POST', 'contacts', { body: { lastname, ...more } })
  return /\(([0-9a-f-]+)\)/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? ''
}

export async function names(kit: Kit, query: string) {
  return (await kit.rows('dev', `contacts?$select=lastname&${query}`)).map((row) => row['lastname'])
}

export async function batch(kit: Kit, parts: readonly string[], headers: Record<string, string> = {}) {
  const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
  return kit.ask('dev', 'POST', '$batch', {
    body,
    headers: { 'content-type': 'multipart/mixed; boundary="b"', ...headers },
  })
}

export function request(line: string, body = '') {
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${line}\r\nContent-Type: application/json\r\n\r\n${body}`
}

export function changeSet(...parts: readonly string[]) {
  return `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map((part, index) => `--c\r\n${part.replace('Content-Transfer', `Content-ID: ${index + 1}\r\nContent-Transfer`)}\r\n`).join('')}--c--`
}
