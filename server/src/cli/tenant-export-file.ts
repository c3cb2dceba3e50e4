/** Writes lines to a new file of mode 0600 that gets its name when it is whole and on the disk. Answers what the lines end with. */
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Refusal } from '#domain/refusal.ts'

const WRITTEN_AT_ONCE = 256 * 1024

export async function writeLines<T>(file: string, lines: AsyncGenerator<string, T>): Promise<T> {
  if (existsSync(file)) throw new Refusal('uniqueness', `${file} exists already. Choose another name.`)
  const part = `${file}.part`
  await rm(part, { force: true })
  const target = await open(part, 'wx', 0o600)
  try {
    let text = ''
    for (;;) {
      const step = await lines.next()
      if (!step.done) text += `${step.value}\n`
      if (step.done || text.length > WRITTEN_AT_ONCE) {
        await target.appendFile(text)
        text = ''
      }
      if (!step.done) continue
      await target.sync()
      await rename(part, file)
      return step.value
    }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await target.close()
  }
}
