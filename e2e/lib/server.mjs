// The server under test: `qiao demo` on a random port in a new folder, or the one that E2E_BASE_URL names.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const START_MS = 120_000

const freePort = () => new Promise((done, fail) => {
  const probe = createServer()
  probe.once('error', fail)
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => done(port))
  })
})

const binaryPath = () => resolve(process.env.QIAO_BIN ?? join(import.meta.dirname, '../../target/release/qiao'))

/** @returns {Promise<{base: string, binary: string, data: string, signIns: Record<string, {email: string, password: string}>, pid?: number, stop: () => Promise<void>}>} */
export async function startServer() {
  if (process.env.E2E_BASE_URL) {
    return { base: process.env.E2E_BASE_URL, binary: binaryPath(), data: process.env.E2E_DATA, signIns: JSON.parse(process.env.E2E_SIGN_INS ?? '{}'), stop: async () => {} }
  }
  const binary = binaryPath()
  const data = await mkdtemp(join(tmpdir(), 'qiao-e2e-'))
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(binary, ['demo', '--data', data, '--listen', address], { stdio: ['ignore', 'pipe', 'pipe'] })
  const errors = []
  child.stderr.on('data', (text) => errors.push(String(text)))
  const signIns = {}
  const ready = new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no "ready" after ${START_MS / 1000} s: ${errors.join('')}`)), START_MS)
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`qiao demo ended with ${code}: ${errors.join('')}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, role, email, password] = line.split(' ')
      if (word === 'sign-in:') signIns[role] = { email, password }
      if (word === 'ready:') { clearTimeout(timer); done(role) }
    })
  })
  const stop = async () => {
    child.removeAllListeners('exit')
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await gone
    }
    await rm(data, { recursive: true, force: true })
  }
  try {
    return { base: await ready, binary, data, signIns, pid: child.pid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
