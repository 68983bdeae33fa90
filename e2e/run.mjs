// All journeys: starts one server for all files (QIAO_BIN, or target/release/qiao), runs them, stops it.
// run.mjs [--short] [FILES]    --short: axe on every screen once instead of the whole matrix.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { startServer } from './lib/server.mjs'

// Node 20 expands no patterns.
const folder = new URL('./journeys/', import.meta.url)
const journeys = readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).map((name) => `journeys/${name}`)
const files = process.argv.slice(2).filter((name) => name !== '--short')
const server = await startServer()
const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...(files.length > 0 ? files : journeys)], {
  cwd: import.meta.dirname, stdio: 'inherit',
  env: { ...process.env, E2E_BASE_URL: server.base, E2E_DATA: server.data, E2E_SIGN_INS: JSON.stringify(server.signIns), ...(process.argv.includes('--short') ? { E2E_AXE: 'short' } : {}) },
})
const code = await new Promise((done) => child.once('exit', done))
await server.stop()
process.exitCode = code ?? 1
