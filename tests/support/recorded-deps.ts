import type { ActionDeps, Cell } from '../../packages/action-kit/src/index.ts'

/** What the work of an action did to the world around it. */
export interface Recorded {
  readonly deps: ActionDeps
  /** `level: message`, in order. */
  readonly lines: readonly string[]
  readonly outputs: Readonly<Record<string, unknown>>
  readonly summary: readonly string[]
  /** Names and files of artifacts. */
  readonly uploads: readonly (readonly [name: string, files: readonly string[]])[]
  readonly masked: readonly string[]
  abort(reason: Error): void
}

/** Time that passes only when somebody sleeps. */
export interface StoppedClock {
  now(): number
  advance(ms: number): void
}

/** The world of an action, recorded. `root` is what relative paths count from. */
export function recordedDeps(root: string, clock: StoppedClock): Recorded {
  const lines: string[] = []
  const outputs: Record<string, unknown> = {}
  const summary: string[] = []
  const uploads: (readonly [string, readonly string[]])[] = []
  const masked: string[] = []
  const controller = new AbortController()
  const line = (level: string) => (message: string) => void lines.push(`${level}: ${message}`)
  const deps: ActionDeps = {
    log: {
      debug: line('debug'),
      info: line('info'),
      notice: line('notice'),
      warning: line('warning'),
      error: line('error'),
      group: (_, work) => work(),
    },
    clock: () => clock.now(),
    async sleep(ms, signal = controller.signal) {
      signal.throwIfAborted()
      clock.advance(ms)
    },
    signal: controller.signal,
    root,
    environment: {},
    summary: {
      outcome: (mark, title, facts = []) => void summary.push(`# ${title}`, `${mark}: ${facts.join(' · ')}`),
      folded(title, work) {
        summary.push(`<${title}>`)
        work(deps.summary)
      },
      facts: (facts) => void summary.push(...facts.map(([name, value]) => `${name}: ${shown(value)}`)),
      heading: (text) => void summary.push(`## ${text}`),
      text: (text) => void summary.push(shown(text)),
      markdown: (text) => void summary.push(text),
      list: (items) => void summary.push(...items.map((item) => `- ${shown(item)}`)),
      table: (header, rows) => {
        for (const cells of [header, ...rows]) {
          summary.push(cells.map(shown).join(' | '))
        }
      },
    },
    artifacts: {
      async upload(name, files) {
        uploads.push([name, files])
        return { id: uploads.length, size: 1, digest: undefined }
      },
      async read() {
        return { bytes: new Uint8Array(), digest: undefined }
      },
      async names() {
        return uploads.map(([name]) => name)
      },
    },
    setOutput: (name, value) => void (outputs[name] = value),
    annotate: ({ level, message }) => void lines.push(`${level}: ${message}`),
    addMask: (secret) => void masked.push(secret),
  }
  return { deps, lines, outputs, summary, uploads, masked, abort: (reason) => controller.abort(reason) }
}

/** What a reader of the summary sees, with the page that a link leads to. */
function shown(cell: Cell): string {
  if (typeof cell !== 'object') return String(cell)
  if ('code' in cell) return cell.code
  return cell.page === undefined ? cell.text : `${cell.text} <${cell.page}>`
}
