import { type Kit } from './with-emulator.ts'

export const contact = async (kit: Kit, lastname: string, more: object = {}) => {
  const answer = await kit.ask('dev', 'POST', 'contacts', { body: { lastname, ...more } })
  return /\(([0-9a-f-]+)\)/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? ''
}
export const names = async (kit: Kit, query: string) =>
  (await kit.rows('dev', `contacts?$select=lastname&${query}`)).map((row) => row['lastname'])

export const batch = async (kit: Kit, parts: readonly string[], headers: Record<string, string> = {}) => {
  const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
  return kit.ask('dev', 'POST', '$batch', {
    body,
    headers: { 'content-type': 'multipart/mixed; boundary="b"', ...headers },
  })
}

export const request = (line: string, body = '') =>
  `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${line}\r\nContent-Type: application/json\r\n\r\n${body}`

export const changeSet = (...parts: readonly string[]) =>
  `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map((part, index) => `--c\r\n${part.replace('Content-Transfer', `Content-ID: ${index + 1}\r\nContent-Transfer`)}\r\n`).join('')}--c--`
