import type { ZipSource } from './zip-source.ts'

/** What a file is that somebody took for an archive, by how it begins, and what to do about it. */
const kinds: readonly { readonly begins: RegExp; readonly message: string }[] = [
  {
    begins: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    message:
      "it is a Git LFS pointer, which stands for the archive. Check the repository out with 'lfs: true' (actions/checkout), or run 'git lfs pull'.",
  },
  {
    begins: /^(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b/is,
    message:
      'it is a web page (HTML), most likely of a sign-in or an error that a download ended with. Download the archive again, and look at the page.',
  },
  {
    begins: /^[{[]/,
    message:
      'it is JSON, most likely the answer of a service that a download ended with. Look into it, and download the archive again.',
  },
  {
    begins: /^<\?xml|^<[a-z]/i,
    message: 'it is XML. Give the whole archive (.zip), not a file of it.',
  },
  { begins: /^7z\xbc\xaf/, message: 'it is a 7z archive. Give the exported solution (.zip) as it is.' },
  { begins: /^Rar!/, message: 'it is a RAR archive. Give the exported solution (.zip) as it is.' },
]

/** Says what a file without a directory of a zip archive is instead. */
export function whatItIs(source: ZipSource): string {
  const start = source.read(0, Math.min(source.length, 1024)).toString('latin1')
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart()
  const kind = kinds.find(({ begins }) => begins.test(text))
  return (
    kind?.message ??
    'or it is cut off: there is no directory at its end. Check that it is the exported solution (.zip) and was downloaded completely.'
  )
}
