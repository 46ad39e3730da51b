import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { measureAction, median } from './measure.mjs'

const tables = 250
const viewsATable = 10
const formsATable = 4

/**
 * Two revisions of a tree of 4,000 files, and what the comparison of them takes.
 *
 * @param {string} work folder for the repository
 * @returns {Promise<{ changed: import('./measure.mjs').Measured, same: import('./measure.mjs').Measured }>}
 */
export async function revisions(work, runs) {
  const root = join(work, 'revisions')
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim()
  const commit = () => {
    git('add', '-A')
    git('commit', '-q', '-m', 'bench')
    return git('rev-parse', 'HEAD')
  }
  mkdirSync(root)
  git('init', '-q')
  for (const [path, text] of files()) write(join(root, path), text)
  const base = commit()
  for (const [path, edit] of edits()) {
    const file = join(root, path)
    writeFileSync(file, edit(readFileSync(file, 'utf8')))
  }
  const head = commit()
  const compare = (inputs) => () =>
    measureAction('diff', inputs, [], { GITHUB_WORKSPACE: root, GITHUB_EVENT_PATH: '' })
  return {
    changed: await median(runs, compare({ base, head, comment: 'false' })),
    same: await median(runs, compare({ base: head, head, comment: 'false' })),
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function id(kind, table, nth) {
  return `{0000000${kind}-0000-4000-8000-${String(table).padStart(6, '0')}${String(nth).padStart(6, '0')}}`
}

const label = (list, item, text) => `<${list}><${item} description="${text}" languagecode="1033" /></${list}>`

function* files() {
  yield [
    'src/Other/Solution.xml',
    `<ImportExportXml version="9.2" languagecode="1033"><SolutionManifest><UniqueName>Bench</UniqueName>${label('LocalizedNames', 'LocalizedName', 'Bench')}<Version>1.0.0.0</Version><Managed>0</Managed><Publisher><UniqueName>bench</UniqueName><CustomizationPrefix>b</CustomizationPrefix></Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>\n`,
  ]
  for (let table = 0; table < tables; table += 1) {
    const folder = `src/Entities/b_table${table}`
    yield [`${folder}/Entity.xml`, entity(table)]
    yield [`${folder}/RibbonDiff.xml`, '<RibbonDiffXml><CustomActions /></RibbonDiffXml>\n']
    for (let nth = 0; nth < viewsATable; nth += 1)
      yield [`${folder}/SavedQueries/${id(1, table, nth)}.xml`, view(table, nth)]
    for (let nth = 0; nth < formsATable; nth += 1)
      yield [`${folder}/FormXml/main/${id(2, table, nth)}.xml`, form(table, nth)]
  }
}

function entity(table) {
  const columns = Array.from({ length: 40 }, (_, nth) => {
    const name = `b_column${nth}`
    return `<attribute PhysicalName="${name}"><Type>nvarchar</Type><Name>${name}</Name><LogicalName>${name}</LogicalName><RequiredLevel>none</RequiredLevel><DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask><MaxLength>100</MaxLength><IsSecured>0</IsSecured>${label('displaynames', 'displayname', `Column ${nth}`)}</attribute>`
  })
  return `<Entity><Name>b_table${table}</Name><EntityInfo><entity Name="b_table${table}">${label('LocalizedNames', 'LocalizedName', `Table ${table}`)}<attributes>${columns.join('\n')}</attributes><OwnershipTypeMask>UserOwned</OwnershipTypeMask></entity></EntityInfo></Entity>\n`
}

function view(table, nth) {
  const names = Array.from({ length: 12 }, (_, column) => `b_column${column + nth}`)
  return `<savedqueries><savedquery><savedqueryid>${id(1, table, nth)}</savedqueryid><querytype>0</querytype>${label('LocalizedNames', 'LocalizedName', `View ${nth}`)}<layoutxml><grid name="resultset"><row name="result" id="b_id">${names.map((name) => `<cell name="${name}" width="100" />`).join('\n')}</row></grid></layoutxml><fetchxml><fetch><entity name="b_table${table}">${names.map((name) => `<attribute name="${name}" />`).join('\n')}</entity></fetch></fetchxml></savedquery></savedqueries>\n`
}

function form(table, nth) {
  const cells = Array.from(
    { length: 30 },
    (_, column) =>
      `<row><cell id="${id(3, table, nth * 100 + column)}">${label('labels', 'label', `Field ${column}`)}<control id="b_column${column}" datafieldname="b_column${column}" disabled="false" /></cell></row>`,
  )
  return `<forms type="main"><systemform><formid>${id(2, table, nth)}</formid><form><tabs><tab name="t" id="${id(4, table, nth)}"><columns><column width="100%"><sections><section name="s" id="${id(5, table, nth)}"><rows>${cells.join('\n')}</rows></section></sections></column></columns></tab></tabs></form>${label('LocalizedNames', 'LocalizedName', `Form ${nth}`)}</systemform></forms>\n`
}

function entityOf(table) {
  return `src/Entities/b_table${table}/Entity.xml`
}

/** Thirty changes; a column that goes makes the comparison look for its uses in all forms and views. */
function* edits() {
  yield [entityOf(0), (text) => text.replace(/<attribute PhysicalName="b_column39">.*?<\/attribute>/s, '')]
  for (let table = 1; table < 10; table += 1)
    yield [entityOf(table), (text) => text.replace('<RequiredLevel>none<', '<RequiredLevel>required<')]
  for (let table = 20; table < 30; table += 1) {
    yield [
      `src/Entities/b_table${table}/SavedQueries/${id(1, table, 0)}.xml`,
      (text) => text.replace('width="100"', 'width="200"'),
    ]
    yield [
      `src/Entities/b_table${table}/FormXml/main/${id(2, table, 0)}.xml`,
      (text) => text.replace('disabled="false"', 'disabled="true"'),
    ]
  }
}
