import { COMPONENTS } from '../../model/components.ts'
import type { RootComponent } from '../../manifest.ts'
import { componentKeys } from '../../pack/root-components.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** Kinds of components that have a folder of their own and a number that is the same in all environments. */
const NUMBERED = [COMPONENTS.environmentVariable]

/** Root components of those kinds that no definition in the folder stands for. */
export function rootsWithoutDefinition(source: SourceUnderCheck): readonly RootComponent[] {
  return NUMBERED.flatMap((kind) => {
    const type = String(kind.type)
    const roots = source.manifest.rootComponents.filter((root) => root.type === type)
    const defined = roots.length === 0 ? [] : source.defined(kind)
    if (defined === undefined) return []
    const present = new Set(
      defined.flatMap(({ name, id }) => componentKeys({ type, schemaName: name, ...(id && { id }) })),
    )
    return roots.filter((root) => !componentKeys(root).some((key) => present.has(key)))
  })
}
