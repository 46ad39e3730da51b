import JSZip from 'jszip'

/** The oldest date that a zip archive can hold, so that the time of packing leaves no trace. */
const zipEpoch = new Date(Date.UTC(1980, 0, 1))

/**
 * Writes an archive whose bytes depend on its entries and their order alone: fixed date, level and platform, and
 * deflate by JavaScript (jszip's pako), since zlib's output differs between versions.
 */
export async function writeZip(
  entries: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): Promise<Uint8Array> {
  const zip = new JSZip()
  for (const { path, bytes } of entries) {
    // Folder entries would carry the current time.
    zip.file(path, bytes, { date: zipEpoch, createFolders: false, binary: true })
  }
  return zip.generateAsync({
    type: 'uint8array',
    compression: 'DEFLATE',
    compressionOptions: { level: 6 },
    platform: 'DOS',
  })
}
