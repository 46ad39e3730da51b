import { makeArchive } from '../testing/solution-archive.ts'
import { withEmulator } from '../testing/with-emulator.ts'

describe('the status page', () => {
  test('shows environments, solutions, layers, jobs and requests, and nothing unescaped', () =>
    withEmulator({}, async (kit) => {
      const sketch = { uniqueName: 'Orders', managed: true, webResources: { 'new_/a.js': '1' } }
      kit.emulator.seed('prod', { source: 'a', archive: await makeArchive(sketch) })
      kit.emulator.seed('prod', {
        source: 'b',
        archive: await makeArchive({
          ...sketch,
          uniqueName: 'Hand',
          managed: false,
          publisher: 'x &amp; &lt;b&gt;',
        }),
      })
      await kit.done('prod', 'POST', 'UninstallSolutionAsync', { SolutionUniqueName: 'Nobody' })
      await kit.ask('prod', 'GET', "solutions?$filter=uniquename eq '<script>'")
      const response = await fetch(kit.emulator.ready.admin)
      const page = await response.text()
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(page).toContain('<strong>Orders</strong>')
      expect(page).toContain('<b class="unmanaged">Active</b> ▸ Orders')
      expect(page).toContain('<b class="running">running</b>')
      expect(page).toContain('Publisher x &amp; &lt;b&gt;')
      expect(page).toContain('&lt;script&gt;')
      expect(page).not.toContain('<script')
    }))
})
