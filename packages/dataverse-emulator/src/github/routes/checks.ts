import { json } from '../../http/exchange.ts'
import { findCommit } from '../repository.ts'
import { notFound, route, type Route } from '../route.ts'

/** Check runs of commits. */
export const CHECK_ROUTES: readonly Route[] = [
  route('GET', 'commits/:ref/check-runs', ['checks', 'read'], ({ repository, path }) => {
    const sha = findCommit(repository, path['ref'] ?? '')?.sha ?? path['ref']
    const runs = [...repository.checks.values()].filter((item) => item['head_sha'] === sha)
    return json(200, { total_count: runs.length, check_runs: runs })
  }),
  route('POST', 'check-runs', ['checks', 'write'], (call) => {
    const id = call.repository.nextId()
    const run = { status: 'queued', conclusion: null, ...call.body, id, url: `${call.url}/check-runs/${id}` }
    call.repository.checks.set(id, run)
    return json(201, run)
  }),
  route('PATCH', 'check-runs/:id', ['checks', 'write'], ({ repository, path, body }) => {
    const id = Number(path['id'])
    const run = repository.checks.get(id)
    if (run === undefined) return notFound()
    const changed = { ...run, ...body, id }
    repository.checks.set(id, changed)
    return json(200, changed)
  }),
]
