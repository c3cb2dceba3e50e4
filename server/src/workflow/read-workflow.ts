/**
 * Stored document → workflow: `{ schemas, id, payload }`, as it is posted to `Custo/IDPWorkflows`. All leniency of the
 * language is in the files `read-*.ts` and `members.ts`; the document itself is never changed. References are kept even when they
 * lead nowhere (stored workflows have such), because the lint tells them and the plan leaves them out.
 */
import { bounds } from '#workflow/bounds.ts'
import { type Members, membersOf } from '#workflow/members.ts'
import { below } from '#workflow/pointer.ts'
import { makeNotes, type Notes, type Problem } from '#workflow/problem.ts'
import { readAction } from '#workflow/read-action.ts'
import { readEnrolAction, readProtectionFactor } from '#workflow/read-enrolment.ts'
import { readFirstFactor, readSecondFactor } from '#workflow/read-factor.ts'
import type { AccessCriteria, Workflow } from '#workflow/workflow.ts'

export interface ReadWorkflow {
  /** Absent when there are problems. */
  readonly workflow?: Workflow
  readonly problems: readonly Problem[]
  /** Pointers of members that nothing reads. */
  readonly unread: readonly string[]
}

const ENVELOPE = ['schemas', 'id', 'payload', 'meta']
const PAYLOAD = [
  'theme_id',
  'accessCriteria',
  'actions',
  'firstFactors',
  'secondFactors',
  'enrollActions',
  'enrollProtectionFactors',
]

export function readWorkflow(document: unknown): ReadWorkflow {
  const notes = makeNotes()
  const workflow = readDocument(document, notes)
  const { problems, unread } = notes
  return workflow && problems.length === 0 ? { workflow, problems, unread } : { problems, unread }
}

function readDocument(document: unknown, notes: Notes): Workflow | undefined {
  const envelope = membersOf(document, '', notes, ENVELOPE)
  if (!envelope) return undefined
  if (!envelope.has('payload')) {
    const bare = PAYLOAD.some(name => envelope.has(name))
    notes.problem('/payload', `an object with the factors${bare ? ': put what stands here inside it' : ''}`, undefined)
    return undefined
  }
  const id = envelope.neededText('id')
  const payload = membersOf(envelope.value('payload'), '/payload', notes, PAYLOAD)
  return payload && readPayload(id, payload, notes)
}

function readPayload(id: string, payload: Members, notes: Notes): Workflow {
  const listed = <Entry extends Listed>(
    name: string,
    idName: string,
    most: number,
    read: (value: unknown, at: string, notes: Notes) => Entry | undefined,
  ) => {
    const entries = payload.list(name, most, (value, at) => read(value, at, notes))
    noDoubles(entries, idName, notes)
    return entries
  }
  const themeId = payload.text('theme_id', bounds.id)
  return {
    id,
    ...(themeId ? { themeId } : {}), // an empty one is the same as none
    criteria: listed('accessCriteria', 'accessCriteriaId', bounds.criteria, readCriteria),
    actions: listed('actions', 'actionId', bounds.actions, readAction),
    firstFactors: listed('firstFactors', 'factorId', bounds.factors, readFirstFactor),
    secondFactors: listed('secondFactors', 'factorId', bounds.factors, readSecondFactor),
    enrolActions: listed('enrollActions', 'enrollId', bounds.enrolActions, readEnrolAction),
    protectionFactors: listed(
      'enrollProtectionFactors',
      'protectionFactorId',
      bounds.enrolActions,
      readProtectionFactor,
    ),
  }
}

interface Listed {
  readonly at: string
  readonly id: string
}

/** A name that stands for two things would make each reference to it a guess. */
function noDoubles(entries: readonly Listed[], idName: string, notes: Notes): void {
  const seen = new Set<string>()
  for (const { id, at } of entries) {
    if (id !== '' && seen.has(id)) notes.problem(below(at, idName), 'a name that no other entry of the list has', id)
    seen.add(id)
  }
}

/** A stranger in criteria could only have narrowed who is offered something: it is refused. */
function readCriteria(value: unknown, at: string, notes: Notes): AccessCriteria | undefined {
  const entry = membersOf(value, at, notes, ['accessCriteriaId', 'authenticators'], 'are refused')
  if (!entry) return undefined
  const names = ['firstFactorsFiltering', 'secondFactorsFiltering', 'acrFiltering']
  const given = entry.has('authenticators') ? entry.value('authenticators') : {}
  const authenticators = membersOf(given, entry.place('authenticators'), notes, names, 'are refused')
  return {
    at,
    id: entry.neededText('accessCriteriaId'),
    firstFactorsFiltering: authenticators?.flag('firstFactorsFiltering') ?? false,
    secondFactorsFiltering: authenticators?.flag('secondFactorsFiltering') ?? false,
    acrFiltering: authenticators?.flag('acrFiltering') ?? false,
  }
}
