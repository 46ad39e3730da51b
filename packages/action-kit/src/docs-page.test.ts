import { UserError } from '@dsa/user-error'
import { docsPage } from './docs-page.ts'
import { onRunner } from './testing/fake-runner.ts'
import { runAction } from './run-action.ts'

const page = 'docs/errors.md#0x80048040'

test.each([
  [
    'some-org/dataverse-solution-actions',
    `https://github.com/some-org/dataverse-solution-actions/blob/main/${page}`,
  ],
  ['a-fork_2/of.it', `https://github.com/a-fork_2/of.it/blob/main/${page}`],
  ['', page],
  ['<b>/"x"', page],
])('for a step that uses "%s"', (repository, address) => {
  expect(docsPage(page, { GITHUB_ACTION_REPOSITORY: repository })).toBe(address)
})

test('messages of an error, its annotations and the summary end with a link to the page on them', async () => {
  await onRunner({ GITHUB_ACTION_REPOSITORY: 'a-fork/of_it' }, async (runner) => {
    const annotations = [{ level: 'error', message: 'One component (0x80048040).' }]
    await runAction(
      { name: 'Test action', version: '1.2.3', inputs: {} },
      async ({ summary }) => {
        summary.text({ text: 'Do *this*.', page })
        summary.table(['What'], [[{ text: 'Nothing.', page: undefined }], [{ text: 'That.', page }]])
        throw Object.assign(new UserError('It failed (0x80048040).\nIn two lines.'), { annotations })
      },
      { pageFor: (message) => (message.includes('0x80048040') ? page : undefined) },
    )
    const address = `https://github.com/a-fork/of_it/blob/main/${page}`
    expect(runner.lines().slice(1)).toEqual([
      `::error::One component (0x80048040). More: ${address}`,
      `::error::It failed (0x80048040).%0AIn two lines.%0AMore: ${address}`,
    ])
    expect(runner.summary()).toContain(`Do \\*this\\*. <a href="${address}">More</a>`)
    expect(runner.summary()).toContain(`| Nothing. |\n| That. <a href="${address}">More</a> |`)
  })
})
