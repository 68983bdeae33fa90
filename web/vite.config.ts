import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { early } from './scripts/early.ts'
import { guide } from './scripts/guide.ts'
import { packed } from './scripts/packed.ts'

const server = process.env.QIAO_SERVER ?? 'http://127.0.0.1:7300'

export default defineConfig({
  plugins: [react(), guide(), early(), packed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The guide stands beside the other documents.
  server: { fs: { allow: ['..'] }, proxy: { '/api': { target: server, changeOrigin: false, bypass: ({ url }) => (url?.startsWith('/api/docs') ? '/index.html' : undefined) } } },
  build: {
    target: 'es2022',
    // Nothing may be inlined: the content security policy allows 'self' only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    // What every page needs comes in one file, and what many pages share in another: fifty small ones, each asked for and
    // compiled by itself, took longer.
    rolldownOptions: { output: { codeSplitting: { groups: [
      { name: 'shell', tags: ['$initial'], priority: 2 },
      { name: 'parts', test: /\/src\/components\/(ui|why|format|theme)\/|\/lucide-react\//, minShareCount: 3, priority: 1 },
    ] } } },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./src/test-setup.ts'],
    css: false,
  },
})
