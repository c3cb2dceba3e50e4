/**
 * Builds the sign-in portal into `web/dist/portal`: one script and one style sheet with hashed names, which the server's own pages refer to
 * by the manifest, and `form-post.js`. Nothing is inlined, because the policy of those pages allows no inline script or style.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  configFile: false,
  root: here('portal'),
  base: '/portal/',
  publicDir: here('portal/public'),
  resolve: { conditions: ['source', 'module', 'browser', 'production'] },
  logLevel: 'warn',
  build: {
    outDir: here('dist/portal'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    assetsDir: '.',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rolldownOptions: { input: here('portal/main.tsx') },
  },
})
