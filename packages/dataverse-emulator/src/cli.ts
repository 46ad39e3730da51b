import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '@dsa/user-error'
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

function configOption(): string | undefined {
  try {
    return parseArgs({ options: { config: { type: 'string' } } }).values.config
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)} Known: --config FILE.`, {
      cause: error,
    })
  }
}

/** What a person can mend in one sentence; a defect of the emulator with its stack. */
function inWords(error: unknown): string {
  if (error instanceof UserError) return error.message
  return `This is a fault of the emulator, please report it: ${error instanceof Error ? error.stack : String(error)}`
}

try {
  const emulator = await startEmulator(readConfig(configOption()))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void emulator.close().finally(() => process.exit(0))
    })
  }
  process.stdout.write(`${JSON.stringify(emulator.ready)}\n`)
} catch (error) {
  process.stderr.write(`${inWords(error)}\n`)
  process.exitCode = 1
}
