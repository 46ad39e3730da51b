import { ACTIVE } from '../solutions/layers/layer.ts'
import { isoSeconds, type Clock } from '../clock.ts'
import type { Environment } from '../environment.ts'
import type { LoggedRequest } from '../http/request-log.ts'
import { jobLog, type LoggedJob } from '../jobs/job-log.ts'
import { layersByComponent } from '../solutions/layers/layers.ts'
import { asText, text } from '../store/value.ts'
import { STYLE } from './style.ts'
import { escapeXml } from '../escape-xml.ts'

const BUILT_IN = /^(Active|Basic|Default|System|Cr[0-9a-f]{5})$/
const SHOWN_LAYERS = 30
const SHOWN_REQUESTS = 25

/**
 * The page that the admin service shows to people: environments, their solutions, layers and jobs. All of it is
 * escaped: names of solutions come from archives of somebody else.
 */
export function statusPage(
  environments: readonly Environment[],
  clock: Clock,
  requests: readonly LoggedRequest[],
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Dataverse emulator</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Dataverse emulator</h1><p>${environments.length} environments · ${isoSeconds(clock.now())} on its clock · this page renews itself</p></header>
<main>
${environments.map(environmentSection).join('\n')}
${requestSection(requests)}
</main>
</body>
</html>
`
}

function environmentSection(environment: Environment): string {
  return `<section>
<h2>${escapeXml(environment.name)} <small>${environment.kind} · <code>${escapeXml(environment.origin)}</code></small></h2>
${solutionTable(environment)}
${jobTable(jobLog(environment))}
${layerTable(environment)}
</section>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return `<p class="none">${empty}</p>`
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</tbody></table>`
}

function cells(tag: string, items: readonly string[]): string {
  return items.map((item) => `<${tag}>${item}</${tag}>`).join('')
}

function solutionTable(environment: Environment): string {
  const { store } = environment
  const rows = store
    .filter('solution', (row) => !BUILT_IN.test(text(row, 'uniquename')))
    .map((row) => {
      const components = store.filter(
        'solutioncomponent',
        (item) => item['solutionid'] === row['solutionid'],
      ).length
      const parent = store.get('solution', text(row, 'parentsolutionid'))
      const kind =
        row['ismanaged'] === true ? '<b class="managed">managed</b>' : '<b class="unmanaged">unmanaged</b>'
      return [
        `<strong>${escapeXml(text(row, 'uniquename'))}</strong>${parent === undefined ? '' : ` <small>patch of ${escapeXml(text(parent, 'uniquename'))}</small>`}`,
        escapeXml(text(row, 'version')),
        kind,
        escapeXml(text(store.get('publisher', text(row, 'publisherid')), 'friendlyname')),
        String(components),
        escapeXml(text(row, 'modifiedon')),
      ]
    })
  return table(['Solution', 'Version', 'Kind', 'Publisher', 'Components', 'Changed'], rows, 'No solutions.')
}

function jobTable(jobs: readonly LoggedJob[]): string {
  const rows = jobs
    .toReversed()
    .map((job) => [
      escapeXml(job.message),
      escapeXml(job.solution),
      `<b class="${job.state}">${job.state}</b>`,
      escapeXml(job.startedOn ?? job.createdOn),
      escapeXml(job.endsOn ?? ''),
      escapeXml(job.errorMessage ?? ''),
    ])
  return rows.length === 0
    ? ''
    : `<h3>Jobs</h3>${table(['Message', 'Solution', 'State', 'Started', 'Ends', 'Error'], rows, '')}`
}

/** Components with more than one layer: there a change can be hidden. */
function layerTable(environment: Environment): string {
  const stacked = [...layersByComponent(environment)].filter(([, layers]) => layers.length > 1)
  if (stacked.length === 0) return ''
  const rows = stacked.slice(0, SHOWN_LAYERS).map(([, layers]) => {
    const top = layers.at(-1)
    const names = layers
      .toReversed()
      .map(({ solution }) => (solution === ACTIVE ? '<b class="unmanaged">Active</b>' : escapeXml(solution)))
    return [escapeXml(asText(top?.typeName)), escapeXml(asText(top?.schemaName)), names.join(' ▸ ')]
  })
  const more =
    stacked.length > SHOWN_LAYERS ? `<p class="none">and ${stacked.length - SHOWN_LAYERS} more</p>` : ''
  return `<h3>Components with several layers</h3>${table(['Type', 'Component', 'Layers, top first'], rows, '')}${more}`
}

function requestSection(requests: readonly LoggedRequest[]): string {
  const rows = requests
    .filter(({ service }) => service !== 'admin')
    .slice(-SHOWN_REQUESTS)
    .toReversed()
    .map(({ time, service, environment, method, path, status, fault }) => [
      isoSeconds(time).slice(11, 19),
      escapeXml(environment ?? service),
      `<code>${escapeXml(`${method} ${path.length > 120 ? `${path.slice(0, 120)}…` : path}`)}</code>`,
      status === undefined ? '–' : String(status),
      fault === undefined ? '' : `<b class="failed">${escapeXml(fault)}</b>`,
    ])
  return `<section><h2>Last requests</h2>${table(['Time', 'To', 'Request', 'Status', 'Fault'], rows, 'No requests yet.')}</section>`
}
