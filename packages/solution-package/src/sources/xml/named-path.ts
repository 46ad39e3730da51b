import { folderOf, type NamedFile } from '../../model/named-files.ts'
import { fillTemplate, treePath } from './path-template.ts'

/**
 * Where a file that a definition names lies in the tree.
 * @throws SolutionError at the element when a value is missing, or the path leaves the tree
 */
export function treePathOf(file: NamedFile): string {
  return treePath(statedPath(file), file.at)
}

function statedPath({ name, place }: NamedFile): string {
  switch (place.by) {
    case 'rule':
      return fillTemplate(place.rule.path, { element: place.item, value: name })
    case 'manifest':
      return folderOf(statedPath(place.manifest)) + place.path
    case 'folder':
      return place.path
  }
}
