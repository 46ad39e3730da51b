import { openPackage, openZip } from '@dsa/solution-package'

/** The environment variables whose current value is in an archive: it would go into every environment. */
export function currentValues(archive: Uint8Array): readonly string[] {
  const { paths } = openPackage(openZip(archive, { label: 'The exported archive' }), 'The exported archive')
  return paths.flatMap((path) => {
    const name = /(?:^|\/)([^/]+)\/environmentvariablevalues\.json$/i.exec(path)?.[1]
    return name ?? (/(?:^|\/)environment_variable_values\.json$/i.test(path) ? path : [])
  })
}
