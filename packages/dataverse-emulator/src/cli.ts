import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkConfig, ConfigError, type EmulatorConfig } from './config.ts'
import { isRecord, parseJson } from './http/exchange.ts'
import { startEmulator } from './start-emulator.ts'

const SAMPLE = 'samples/orders/solution'

/** The configuration of `--config`; paths in it count from its folder. Without it, dev holds the sample solution. */
function readConfig(file: string | undefined): EmulatorConfig {
  if (file === undefined) {
    const solutions = existsSync(SAMPLE) ? [SAMPLE] : []
    return {
      environments: {
        dev: { kind: 'developer', solutions },
        test: { kind: 'sandbox' },
        prod: { kind: 'production' },
      },
    }
  }
  const path = resolve(file)
  if (!existsSync(path)) throw new ConfigError(`There is no configuration file ${path}.`)
  const value = parseJson(readFileSync(path, 'utf8'))
  if (!isRecord(value)) throw new ConfigError(`${path} is not a JSON object.`)
  return { baseDir: dirname(path), ...checkConfig(value) }
}

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  const emulator = await startEmulator(readConfig(values.config))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void emulator.close().finally(() => process.exit(0))
    })
  }
  process.stdout.write(`${JSON.stringify(emulator.ready)}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
