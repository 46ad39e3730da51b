import type { ItemChange } from '../sources/xml/layouts/pack-items.ts'
import { COMPONENTS } from '../model/components.ts'
import type { Replacement, XmlElement } from '../xml/index.ts'
import { assemblyIdentity } from '../dotnet/assembly-identity.ts'
import { contentBeside } from '../sources/xml/element-files.ts'
import type { Packing } from '../sources/xml/packing.ts'

const ASSEMBLY_TYPE = String(COMPONENTS.plugInAssembly.type)

/** Puts the real identity of plug-in assemblies into what is packed, as SolutionPackager does. */
export class PluginRemap {
  /** Old full name, in lower case, to new one. */
  readonly #names = new Map<string, string>()

  /** The change of a PluginAssembly element: its full name and those of its types. */
  change(tree: Packing): ItemChange {
    return (item, path) => {
      const file = tree.find(contentBeside(path) ?? '')
      const identity = file === undefined ? undefined : assemblyIdentity(tree.use(file))
      const stated = item.attribute('FullName')
      if (identity === undefined || stated === undefined || stated === identity) return undefined
      this.#names.set(stated.toLowerCase(), identity)
      const edits = new Map<number, Replacement>()
      for (const type of item.descendants('PluginType')) {
        const name = type.attribute('AssemblyQualifiedName')
        if (name === undefined) continue
        const comma = name.indexOf(',')
        const typeName = comma < 0 ? name : name.slice(0, comma)
        edits.set(type.node, withAttribute('AssemblyQualifiedName', `${typeName}, ${identity}`))
      }
      return { edits, attributes: { FullName: identity } }
    }
  }

  /** The full name that an assembly is packed with. */
  identity(stated: string): string {
    return this.#names.get(stated.toLowerCase()) ?? stated
  }

  /** Edits of root component elements that name a remapped assembly. */
  rootComponentEdits(elements: readonly XmlElement[]): Map<number, Replacement> {
    const edits = new Map<number, Replacement>()
    for (const element of elements) {
      const schemaName = element.attribute('schemaName')
      if (element.attribute('type') !== ASSEMBLY_TYPE || schemaName === undefined) continue
      const identity = this.identity(schemaName)
      if (identity !== schemaName) edits.set(element.node, withAttribute('schemaName', identity))
    }
    return edits
  }
}

function withAttribute(name: string, value: string): Replacement {
  return (writer, element) => {
    const attributes = element.attributes.map((attribute) =>
      attribute.name === name ? { name, value } : attribute,
    )
    writer.copyAs(element, attributes)
  }
}
