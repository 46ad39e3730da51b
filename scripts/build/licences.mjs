import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of a package: the one right below the last `node_modules`, whatever lies in folders of it. */
const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/**
 * The licence of each package of which something was bundled.
 *
 * @param {import('esbuild').Metafile} metafile
 * @returns {string} one text after the other, by name
 */
export function licences({ outputs }) {
  const folders = new Set(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([input]) => packageFolder.exec(input) ?? []),
  )
  const notices = [...folders].map((folder) => {
    const { name, version, license, licenses } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    const stated = license?.type ?? license ?? licenses?.map?.(({ type }) => type).join(' or ')
    return `${name} ${version} (${stated ?? 'licence not stated'})\n\n${licenceText(folder)}`
  })
  return [...new Set(notices)].toSorted().join('\n---\n\n')
}

function licenceText(folder) {
  const files = readdirSync(folder)
  const own = files.filter((name) => /^(licen[cs]e|copying|notice|thirdparty)/i.test(name)).toSorted()
  if (own.length > 0) return own.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  // Small old packages have it in the readme, or only the name in package.json.
  const readme = files.find((name) => /^readme/i.test(name))
  const text = readme === undefined ? '' : readFileSync(join(folder, readme), 'utf8')
  return (
    /^(?:#+ *licen[cs]e|licen[cs]e\n[-=]+)[^]*?(?=^#|(?![^]))/im.exec(text)?.[0] ??
    'The package holds no text of its licence.\n'
  )
}
