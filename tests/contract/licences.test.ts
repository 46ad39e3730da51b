import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/actions.ts'

const texts = readFileSync(join(root, 'dist/THIRD-PARTY-LICENCES.txt'), 'utf8').split('\n---\n\n')

test('every bundled package has its licence with it, those in folders of others included', () => {
  expect(texts.map((text) => text.slice(0, text.indexOf(' '))).toSorted()).toEqual(
    expect.arrayContaining(['@azure/core-client', '@azure/msal-node', 'fflate', 'undici']),
  )
  const without = texts
    .filter((text) => /holds no text|not stated/.test(text))
    .map((text) => text.split(' ')[0])
  // They say only in package.json, or nowhere, what they may be used for.
  expect(without).toEqual(['buffers', 'chainsaw', 'proxy-agent-negotiate'])
})
