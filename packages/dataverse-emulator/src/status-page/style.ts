/** The look of the status page; light and dark as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #888; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1.5rem; }
header p, small, .none { color: var(--soft); font-weight: normal; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: var(--soft); font-weight: normal; }
th, td { padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
code { font-size: .9em; overflow-wrap: anywhere; }
.managed, .succeeded { color: #2a8a4a; }
.unmanaged, .queued, .running { color: #b8720b; }
.failed, .canceled { color: #c8323c; }
`
