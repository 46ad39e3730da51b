import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idOf, withLock } from './lock.ts'
import { thisProcess } from './owner.ts'
import { stateFolder } from './state-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'locked-'))
const claims = stateFolder(join('locks', idOf(folder)))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  rmSync(claims, { recursive: true })
  mkdirSync(claims)
})

const claimOf = (owner: Partial<ReturnType<typeof thisProcess>>): void => {
  const { pid, start, boot, namespace } = { ...thisProcess(), ...owner }
  writeFileSync(join(claims, `${pid}.${start}.${boot}.${namespace}.x`), '')
}

test('a folder is free again after use, also after an error', () => {
  expect(withLock(folder, () => readdirSync(claims).length)).toBe(1)
  expect(() =>
    withLock(folder, () => {
      throw new Error('broken')
    }),
  ).toThrow('broken')
  expect(readdirSync(claims)).toEqual([])
})

test('a live owner keeps its lock', async () => {
  const other = spawn(process.execPath, ['--eval', 'process.stdin.resume()'])
  await once(other, 'spawn')
  const { start } = process.platform === 'linux' ? await startOf(other.pid ?? 0) : { start: '' }
  claimOf({ pid: other.pid ?? 0, start })
  expect(() => withLock(folder, () => 'used')).toThrow(
    `Another run, process ${other.pid}, is unpacking to ${folder}. Let it end first.`,
  )
  other.kill('SIGKILL')
  await once(other, 'close')
  expect(withLock(folder, () => 'used')).toBe('used')
})

async function startOf(pid: number): Promise<{ start: string }> {
  const { readFile } = await import('node:fs/promises')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return { start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' }
}

test('nobody has the number of a dead owner: a process that was given it later, one before the machine was started', () => {
  if (process.platform !== 'linux') return
  claimOf({ start: '1' })
  expect(withLock(folder, () => 'used')).toBe('used')
  claimOf({ boot: 'another' })
  expect(withLock(folder, () => 'used')).toBe('used')
  expect(readdirSync(claims)).toEqual([])
})

test('an owner in another container, which cannot be seen from here, keeps its lock', () => {
  if (process.platform !== 'linux') return
  claimOf({ namespace: '1' })
  expect(() => withLock(folder, () => 'used')).toThrow('If there is none, remove')
})
