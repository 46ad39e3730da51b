import type { Clock } from '../clock.ts'
import type { GithubConfig } from '../config.ts'
import { json, type Handler } from '../http/exchange.ts'

/** The parts of GitHub's REST API that the suite calls. */
export function createGithub(_config: GithubConfig, _clock: Clock): Handler {
  return () =>
    json(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' })
}
