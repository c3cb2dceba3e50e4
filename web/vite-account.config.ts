/**
 * Builds the page of people's own devices into `web/dist/account`: the server serves its files under `/account-app/`, and its page for
 * each tenant. Nothing is inlined, because pages of the server allow no inline script or style; each name holds a hash.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('account'),
  base: '/account-app/',
  publicDir: false,
  resolve: { conditions: ['source', 'module', 'browser', 'production'] },
  logLevel: 'warn',
  build: {
    outDir: here('dist/account'),
    emptyOutDir: true,
    assetsDir: '',
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: here('account/index.html') },
  },
})
