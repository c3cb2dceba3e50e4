/**
 * Scenarios of the terminal as text files. `$` runs a command in a home of the scenario's own, `>` is a line that must be
 * printed after the ones before (`…` stands for anything), `!` the exit code where it is not 0, `= NAME MODE` and `|` make a
 * file. FOLDER stands for the home folder.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ran } from '../restore/restartable-world.ts'

interface Step {
  readonly command: string
  readonly expected: string[]
  code: number
}

const folder = fileURLToPath(new URL('.', import.meta.url))

describe.each(readdirSync(folder).filter(name => name.endsWith('.txt')))('%s', name => {
  test('says what the file says', async () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
    try {
      for (const step of stepsOf(readFileSync(join(folder, name), 'utf8'), home)) await play(step, home)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})

async function play({ command, expected, code }: Step, home: string): Promise<void> {
  const { code: ended, text } = await ran(command.split(' '), {
    COUNTERSIGN_HOME: home,
    COUNTERSIGN_LOG_LEVEL: 'silent',
  })
  let rest = text.split('\n')
  for (const line of expected) {
    const at = rest.findIndex(said => matches(line, said.trim()))
    expect(at, `countersign ${command} must print: ${line}\nit printed:\n${text}`).toBeGreaterThanOrEqual(0)
    rest = rest.slice(at + 1)
  }
  expect(ended, `exit code of: ${command}\nit printed:\n${text}`).toBe(code)
}

function matches(line: string, said: string): boolean {
  const parts = line.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(said)
}

/** Files are made as they are read: they belong to the commands that follow. */
function* stepsOf(text: string, home: string): Generator<Step> {
  let step: Step | undefined
  let file: { path: string; mode: number; content: string } | undefined
  for (const raw of [...text.replaceAll('FOLDER', home).split('\n'), '']) {
    const [mark, rest] = [raw.slice(0, 1), raw.slice(2)]
    if (file && mark !== '|') {
      writeFileSync(file.path, file.content)
      chmodSync(file.path, file.mode)
      file = undefined
    }
    if (step && mark !== '>' && mark !== '!') {
      yield step
      step = undefined
    }
    if (mark === '$') step = { command: rest, expected: [], code: 0 }
    else if (mark === '>') step?.expected.push(rest)
    else if (mark === '!' && step) step.code = Number(rest)
    else if (mark === '=')
      file = {
        path: join(home, rest.split(' ')[0] ?? ''),
        mode: Number.parseInt(rest.split(' ')[1] ?? '600', 8),
        content: '',
      }
    else if (mark === '|' && file) file.content += `${rest}\n`
    else if (mark !== '' && mark !== '#') throw new Error(`a scenario has no line like: ${raw}`)
  }
}
