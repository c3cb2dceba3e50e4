/**
 * `countersign workflow check FILE`: can the document be read as a workflow, and will it do what somebody meant by it? Needs no
 * store and no server. Exit code 1 when something was found.
 */
import { basename } from 'node:path'
import type { FreeCommand, Report } from '#cli/command.ts'
import { textOf, visible } from '#cli/workflow-file.ts'
import { type Check, checkWorkflow } from '#workflow/check.ts'

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
