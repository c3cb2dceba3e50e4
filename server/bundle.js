/**
 * The second half of `npm run build`: joins what tsc wrote into the program that `bin/countersign.js` starts, our own files and
 * TypeBox, nearly a thousand modules whose finding and reading was half of the start (docs/decisions/bundle.md). All other
 * packages stay in node_modules. Nothing is shortened: stack traces must be readable. A warning ends the build.
 */
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

// `@oxc-project/runtime` is no package of ours: the joiner writes its helpers in where it rewrites syntax.
const JOINED = /^(?:[./#]|@countersign\/|typebox(?:\/|$)|@oxc-project\/runtime\/)/
const built = path => fileURLToPath(new URL(`dist/${path}`, import.meta.url))

const bundle = await rolldown({
  input: built('main.js'),
  platform: 'node',
  external: name => !JOINED.test(name),
  onLog(level, { message }) {
    if (level === 'warn') throw new Error(message)
  },
})
// What is imported on demand becomes a file of its own beside main.js.
await bundle.write({ dir: built('program'), format: 'esm', cleanDir: true, chunkFileNames: '[name].js' })
await bundle.close()
