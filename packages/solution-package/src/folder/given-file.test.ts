import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGivenFile } from './given-file.ts'

const root = mkdtempSync(join(tmpdir(), 'given-'))
afterAll(() => rmSync(root, { recursive: true }))

function read(name: string): Promise<Uint8Array> {
  return readGivenFile({
    path: join(root, name),
    label: `'file' ${name}`,
    ending: '.zip',
    wanted: 'Give an archive.',
  })
}

test('what is there is read', async () => {
  writeFileSync(join(root, 'a.txt'), 'a')
  expect(Buffer.from(await read('a.txt')).toString()).toBe('a')
})

test('what is not there, or no file, is said with what lies beside it', async () => {
  mkdirSync(join(root, 'none'))
  mkdirSync(join(root, 'many'))
  for (let i = 10; i < 22; i++) writeFileSync(join(root, `many/${i}.ZIP`), '')
  await expect(read('none')).rejects.toThrow("'file' none is a folder. Give an archive.")
  await expect(read('none/a.zip')).rejects.toThrow(
    "'file' none/a.zip does not exist. There is no .zip file in that folder.",
  )
  await expect(read('absent/a.zip')).rejects.toThrow(
    `'file' absent/a.zip does not exist. The folder ${join(root, 'absent')} does not exist either.`,
  )
  await expect(read('many/a.zip')).rejects.toThrow(/There is: 10\.ZIP, 11\.ZIP, .*, 19\.ZIP and 2 more\.$/)
})
