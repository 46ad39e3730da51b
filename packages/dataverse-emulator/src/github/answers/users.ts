/** Who a login is. Apps write as `name[bot]`, with a kind of their own. */
export function userAnswer(login: string, origin: string): object {
  const url = `${origin}/users/${encodeURIComponent(login)}`
  const html = `https://github.com/${isBot(login) ? `apps/${login.slice(0, -'[bot]'.length)}` : login}`
  return {
    login,
    id: idOf(login),
    node_id: nodeId('U', login),
    avatar_url: `https://avatars.githubusercontent.com/u/${idOf(login)}`,
    gravatar_id: '',
    url,
    html_url: html,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot(login) ? 'Bot' : 'User',
    site_admin: false,
  }
}

/** The app that every job's token belongs to. */
export const ACTIONS_BOT = 'github-actions[bot]'

function isBot(login: string): boolean {
  return login.endsWith('[bot]')
}

/** The number of the app of GitHub Actions is known to many; others are made up, and always the same. */
function idOf(login: string): number {
  if (login === ACTIONS_BOT) return 41_898_282
  return Buffer.from(login).reduce((sum, byte) => (sum * 31 + byte) % 90_000_000, 7) + 1
}

/** GraphQL's name of a thing, which REST answers carry as well. */
export function nodeId(kind: string, id: string | number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`
}
