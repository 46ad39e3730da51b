const manifestOfSource = /^(CanvasApps\/src)\/[^/]+\/CanvasManifest\.json$/i

/**
 * The folder with sources of canvas apps that `pac solution unpack --processCanvasApps` made until its vendor withdrew
 * that; undefined where there is none. An app itself is its .msapp file.
 *
 * @param paths of an unpacked solution
 */
export function legacyCanvasFolder(paths: Iterable<string>): string | undefined {
  for (const path of paths) {
    const folder = manifestOfSource.exec(path)?.[1]
    if (folder !== undefined) return folder
  }
  return undefined
}
