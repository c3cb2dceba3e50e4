/**
 * `countersign workflow check FILE`: can the document be read as a workflow, and will it do what somebody meant by it? Needs no
 * store and no server. Exit code 1 when something was found.
 */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { FreeCommand, Report } from '#cli/command.ts'
import { Refusal } from '#domain/refusal.ts'
import { bounds } from '#workflow/bounds.ts'
import { type Check, checkWorkflow } from '#workflow/check.ts'

/** A character has at most three bytes in UTF-8, or four that count as two. */
const LARGEST_FILE = 3 * bounds.text
const SHOWN = 100

export const workflowCheck: FreeCommand = {
  runs: 'anywhere',
  words: 'workflow check',
  summary: 'Reads a login workflow and says what is wrong with it.',
  takes: ['FILE'],

  async run({ words: [file = ''] }): Promise<Report> {
    const check = checkWorkflow(textOf(file))
    const { problems, findings, workflow } = check
    return {
      lines: linesOf(basename(file), check).map(visible),
      data: { id: workflow?.id ?? null, problems, findings },
      exit: problems.length + findings.length === 0 ? 0 : 1,
    }
  },
}

function linesOf(name: string, { workflow, problems, findings }: Check): readonly string[] {
  const told = [
    ...problems.map(({ at, line, column, expected, found }) => [
      `line ${line}${column === undefined ? '' : `, column ${column}`}, ${placeOf(at)}`,
      `  Expected ${expected}; found ${found}.`,
    ]),
    ...findings.map(({ at, line, code, sentence, next }) => [
      `line ${line}, ${placeOf(at)}, ${code}`,
      `  ${sentence}`,
      `  ${next}`,
    ]),
  ]
  const rest = told.length > SHOWN ? [`… and ${told.length - SHOWN} more`] : []
  return [...told.slice(0, SHOWN).flat(), ...rest, outcome(name, workflow?.id, problems.length, findings.length)]
}

function outcome(name: string, id: string | undefined, problems: number, findings: number): string {
  if (problems > 0)
    return `${name} cannot be read as a workflow: ${count(problems, 'problem')}. Mend them and check again.`
  if (findings > 0)
    return `${name} is a workflow, with ${count(findings, 'finding')}. docs/integrate/workflows.md explains each.`
  return `Clean: ${name} is the workflow ${id}.`
}

const count = (many: number, what: string) => `${many} ${what}${many === 1 ? '' : 's'}`

const placeOf = (at: string) => (at === '' ? 'the document' : at)

/** Names come out of a stranger's file: what would move the cursor or turn the text round is shown, not obeyed. */
function visible(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, one => `\\u{${(one.codePointAt(0) as number).toString(16)}}`)
}

function textOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile()) throw new Refusal('not_found', `There is no file ${path}.`)
  if (facts.size > LARGEST_FILE) throw new Refusal('too_large', `${path} is larger than ${LARGEST_FILE} bytes.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Refusal('invalid_value', `${path} is not text in UTF-8. Save it as UTF-8.`)
  }
}
