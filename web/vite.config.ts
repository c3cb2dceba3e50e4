/**
 * Builds the approve app into `web/dist/approve`: files only, to be served from an origin of its own under the policy that
 * `npm run build` does not know; nothing is inlined, because that policy allows no inline script or style. The service worker
 * is built last, by itself, because it carries the list of all other files: what works without a network.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const outDir = here('dist/approve')
// What public/ adds to the built files.
const COPIED = ['manifest.webmanifest', 'icon.svg', 'icon-192.png', 'icon-512.png', 'icon-maskable-512.png']

const shared: InlineConfig = {
  configFile: false,
  root: here('approve'),
  base: './',
  resolve: { conditions: ['source', 'module', 'browser', 'production'] },
  logLevel: 'warn',
}

export default defineConfig({
  ...shared,
  publicDir: here('approve/public'),
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: here('approve/index.html') },
  },
  plugins: [offlineShell()],
})

function offlineShell(): Plugin {
  return {
    name: 'offline-shell',
    async writeBundle({ dir = outDir }, bundle) {
      const files = [...Object.keys(bundle).filter(name => name !== 'index.html'), ...COPIED].sort()
      const page = bundle['index.html']
      const hash = createHash('sha256').update(files.join('\n'))
      if (page?.type === 'asset') hash.update(page.source)
      await buildWorker(dir, files, hash.digest('hex').slice(0, 12))
    },
  }
}

async function buildWorker(dir: string, files: readonly string[], version: string): Promise<void> {
  await build({
    ...shared,
    publicDir: false,
    define: { SHELL_FILES: JSON.stringify(files), SHELL_VERSION: JSON.stringify(version) },
    build: {
      outDir: dir,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: here('approve/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  })
}
