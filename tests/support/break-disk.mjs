// Loaded before an action (`node --import`): its n-th change of a disk below DISK_FOLDER does not happen. With
// DISK_BREAK=kill:n the process dies there, with fail:n the call fails as on a broken disk.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [how, at] = (process.env.DISK_BREAK ?? '').split(':')
let calls = 0

for (const name of [
  'renameSync',
  'writeFileSync',
  'mkdirSync',
  'rmSync',
  'rmdirSync',
  'copyFileSync',
  'chmodSync',
]) {
  const original = fs[name]
  fs[name] = (path, ...rest) => {
    if (String(path).startsWith(process.env.DISK_FOLDER)) {
      calls += 1
      if (calls === Number(at)) {
        if (how === 'kill') process.kill(process.pid, 'SIGKILL')
        throw Object.assign(new Error(`EIO: i/o error, ${name} '${path}'`), { code: 'EIO' })
      }
    }
    return original(path, ...rest)
  }
}
syncBuiltinESMExports()
