import { namedFiles, unclaimedFiles, XmlError } from '@dsa/solution-package'
import type { Archive } from '../look/archive.ts'
import type { Finding } from './findings.ts'

/** What is wrong with the files of an archive, which can be told before it is uploaded. */
export function fileFindings({ parts }: Archive): readonly Finding[] {
  try {
    return [
      ...namedFiles(parts)
        .filter(({ part }) => part === undefined)
        .map(({ name, by }): Finding => ({
          level: 'error',
          text: `${by.part}, line ${by.line}: <${by.element}> names ${name}, which the archive does not hold. Export the solution again, or pack a folder that has the file.`,
        })),
      ...unclaimedFiles(parts).map((path): Finding => ({
        level: 'warning',
        text: `no component of the archive names ${path}; the environment may refuse the whole archive for it ('Unprocessed files found')`,
      })),
    ]
  } catch (error) {
    // What the archive's own XML is worth, the environment says better.
    if (error instanceof XmlError) return []
    throw error
  }
}
