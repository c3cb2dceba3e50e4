/** No file of code above 300 lines; 400 where many like things are listed, in tests, and in vectors kept as code. */
import { LONG_FILES } from './rooms.ts'
import { type Finding, isTest, isTypeScript, type SourceFile } from './source-file.ts'

const USUAL = 300
const LONG = 400

export function sizes(files: readonly SourceFile[]): Finding[] {
  return files.filter(isTypeScript).flatMap(({ path, text }) => {
    const limit = LONG_FILES.test(path) || isTest(path) ? LONG : USUAL
    const lines = text.split('\n').length - Number(text.endsWith('\n'))
    return lines > limit ? [{ rule: 'size', path, what: `${lines} lines, at most ${limit}` }] : []
  })
}
