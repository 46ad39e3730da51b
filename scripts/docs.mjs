// Fills the generated parts of the Markdown files and of the schema of rules: `pnpm docs`. With --check nothing is written, and a stale part is an
// error. A part stands between `<!-- NAME -->` and `<!-- /NAME -->`, or `<!-- file: PATH -->` and `<!-- /file -->`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { build } from 'esbuild'
import { parse } from 'yaml'
import { effectSections } from './docs/effect-sections.mjs'
import { errorSections } from './docs/error-sections.mjs'
import { nodeBundle } from './build/node-bundle.mjs'
import { officialSections } from './docs/official-sections.mjs'
import { reportSections } from './docs/report-sections.mjs'

const readAction = (folder) => parse(readFileSync(join(folder, 'action.yml'), 'utf8'))
const oneLine = (text) => String(text).trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
const code = (text) => (text === undefined || text === '' ? '' : `\`${oneLine(text)}\``)
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** The tables of the engine are TypeScript, which Node 20 cannot read by itself. */
async function importSource(path) {
  // A data address has no place to require from, and these modules need none.
  const { outputFiles } = await build({ ...nodeBundle, banner: {}, entryPoints: [path], write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
const engine = 'packages/solution-package/src'
const { describeKinds } = await importSource(`${engine}/sources/xml/describe-kinds.ts`)
const { NORMALIZE_RULES } = await importSource(`${engine}/normalize/rules.ts`)
const { describeRules } = await importSource('action-import/src/decide/describe-rules.ts')
const { EFFECT_RULES } = await importSource(`${engine}/diff/effects/effects.ts`)
const { officialActions, deliberate } = await importSource('tests/contract/official-inputs.ts')
const { KNOWN_ERRORS } = await importSource('packages/dataverse-client/src/known-errors/index.ts')
const configurationSchema = 'action-diff/schemas/configuration.schema.json'

/** What a part holds, by its name; `folder` is that of the Markdown file. */
const parts = {
  inputs: (folder) =>
    table(
      ['input', 'required', 'default', 'description'],
      Object.entries(readAction(folder).inputs ?? {}).map(([name, input]) => [
        code(name),
        input.required === true ? 'yes' : '',
        code(input.default),
        oneLine(input.description),
      ]),
    ),
  outputs: (folder) =>
    table(
      ['output', 'description'],
      Object.entries(readAction(folder).outputs ?? {}).map(([name, output]) => [
        code(name),
        oneLine(output.description),
      ]),
    ),
  kinds: () =>
    table(
      ['section', 'holds', 'files', 'notes', 'Both takes it from', 'folders of the archive'],
      describeKinds().map(({ section, components, files, notes, both, folders }) => [
        code(section),
        oneLine(components.join(', ')),
        files.map(code).join('<br>'),
        oneLine(notes.join('; ')),
        oneLine(both),
        folders.map(code).join(', '),
      ]),
    ),
  normalize: () =>
    table(
      ['rule', 'reason'],
      NORMALIZE_RULES.map(({ id, reason }) => [code(id), oneLine(reason)]),
    ),
  decisions: () =>
    table(
      ['the environment', 'the archive', 'inputs', 'decision'],
      describeRules().map(({ environment, archive, inputs, decision }) => [
        environment,
        archive,
        inputs,
        decision,
      ]),
    ),
  effects: () => effectSections(EFFECT_RULES, table),
  errors: () => errorSections(KNOWN_ERRORS, table),
  official: () => officialSections(officialActions, deliberate, readAction, table),
  reports: () => reportSections(table),
  actions: () =>
    table(
      ['action', 'what it does'],
      readdirSync('.')
        .filter((folder) => folder.startsWith('action-') && existsSync(join(folder, 'action.yml')))
        .toSorted()
        .map((folder) => [`[${folder}](${folder}/README.md)`, oneLine(readAction(folder).description)]),
    ),
}

function filled(file) {
  const text = readFileSync(file, 'utf8')
  const folder = dirname(file)
  return text
    .replace(/<!-- (\w+) -->[^]*?<!-- \/\1 -->/g, (whole, name) =>
      parts[name] ? `<!-- ${name} -->\n\n${parts[name](folder)}\n\n<!-- /${name} -->` : whole,
    )
    .replace(/<!-- file: (\S+) -->[^]*?<!-- \/file -->/g, (_, path) => {
      const language = path.slice(path.lastIndexOf('.') + 1).replace('yml', 'yaml')
      return `<!-- file: ${path} -->\n\n\`\`\`${language}\n${readFileSync(path, 'utf8').trimEnd()}\n\`\`\`\n\n<!-- /file -->`
    })
}

const files = ['.', 'docs', ...readdirSync('.').filter((name) => name.startsWith('action-'))].flatMap(
  (folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
)

/** The schema of the configuration, whose levels are those of the rules that there are. */
function withRules(text) {
  const schema = JSON.parse(text)
  const { levels } = schema.properties
  const [level] = Object.values(levels.properties)
  levels.properties = Object.fromEntries(EFFECT_RULES.map(({ id }) => [id, level]))
  return JSON.stringify(schema)
}

const made = new Map([
  ...files.map((file) => [file, () => filled(file)]),
  [configurationSchema, () => withRules(readFileSync(configurationSchema, 'utf8'))],
])
const stale = []
for (const [file, make] of made) {
  const text = await format(make(), { ...(await resolveConfig(file)), filepath: file })
  if (text === readFileSync(file, 'utf8')) continue
  stale.push(file)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Stale, run "pnpm docs": ${stale.join(', ')}`)
  process.exit(1)
}
console.log(stale.length === 0 ? 'The documents are fresh.' : `Written: ${stale.join(', ')}`)
