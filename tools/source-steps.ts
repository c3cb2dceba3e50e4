/**
 * The steps that look at sources without running them: types of the product, of tests and tools, then lint and format; and the
 * program that tests start as a process is joined. Shared by `npm run check` and `npm test`.
 */
import { runModule, runProgram, type Step } from './run-program.ts'

const tsc = (...args: string[]) => runModule('typescript/bin/tsc', args)

export const sourceSteps: readonly Step[] = [
  {
    name: 'types of the product and the tools',
    run: () => tsc('-b', 'protocol', 'server', 'tools', 'server/bench', 'examples/bank'),
  },
  { name: 'the program in one piece', run: () => runProgram(process.execPath, ['server/bundle.js']) },
  {
    name: 'the approve app in one piece',
    run: () => runModule('vite/bin/vite.js', ['build', '--config', 'web/vite.config.ts']),
  },
  {
    name: 'the sign-in portal in one piece',
    run: () => runModule('vite/bin/vite.js', ['build', '--config', 'web/vite-portal.config.ts']),
  },
  {
    name: 'the account page in one piece',
    run: () => runModule('vite/bin/vite.js', ['build', '--config', 'web/vite-account.config.ts']),
  },
  { name: 'types of the pages', run: () => tsc('-p', 'web') },
  { name: 'types of its service worker', run: () => tsc('-p', 'web/tsconfig.worker.json') },
  { name: 'types of the tests', run: () => tsc('-p', 'tsconfig.test.json') },
  { name: 'lint and format', run: () => runModule('@biomejs/biome/bin/biome', ['check', '.']) },
]
