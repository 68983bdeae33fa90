// Compressed copies of what the pages are made of, at the highest level: compressing at every first visit took longer than sending.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin } from 'vite'

/** Smaller ones gain nothing. */
const LEAST_BYTES = 1000

/** Vite's plugin: beside each text of the build its copy in brotli, as `NAME.br`. */
export function packed(): Plugin {
  return {
    name: 'qiao-packed',
    apply: 'build',
    writeBundle({ dir }) {
      if (!dir) return
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|css|svg)$/.test(name))
      for (const name of files) {
        const bytes = readFileSync(join(dir, name))
        if (bytes.length < LEAST_BYTES) continue
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
      }
    },
  }
}
