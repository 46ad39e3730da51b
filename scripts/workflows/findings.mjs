import { validate } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'

/**
 * @param {string} path decides whether the text is a workflow or an action
 * @param {string} text
 * @returns {Promise<{ line: number, message: string }[]>}
 */
export async function findings(path, text) {
  const document = TextDocument.create(`file:///${path}`, 'yaml', 1, text)
  const found = await validate(document)
  return found.map(({ range, message }) => ({ line: range.start.line + 1, message }))
}
