import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What a run notes about this machine is not kept for the user who runs the tests.
const state = mkdtempSync(join(tmpdir(), 'state-of-tests-'))
process.env.XDG_STATE_HOME = state
process.on('exit', () => rmSync(state, { recursive: true, force: true }))

export default {
  testEnvironment: 'node',
  // Not how fast a test has to be, but when it surely hangs: a slow, busy machine must not fail a right one.
  testTimeout: 600_000,
  // Many tests wait for a process of their own, so a core is not kept free.
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: [
    '<rootDir>/packages/*/src/**/*.test.ts',
    '<rootDir>/action-*/src/**/*.test.ts',
    '<rootDir>/tests/**/*.test.ts',
  ],
  watchPathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/coverage', '<rootDir>/.cache'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cache'],
  collectCoverageFrom: ['{packages/*,action-*}/src/**/*.ts', '!**/*.test.ts', '!**/main.ts'],
  coverageProvider: 'v8',
}
