/**
 * `countersign workflow simulate FILE --user NAME`: what would this person see? The file need not be stored anywhere; what the person has
 * is read from the store, as a login reads it. With `--owns` no store is asked. Exit code 1 when the person would not get in.
 */
import { basename } from 'node:path'
import type { Arguments, OfficeCommand, Report } from '#cli/command.ts'
import { type Office, tenantOf } from '#cli/office.ts'
import { textOf, visible } from '#cli/workflow-file.ts'
import { simulationData, simulationLines } from '#cli/workflow-simulation-report.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { loginQueries } from '#storage/login.ts'
import { checkWorkflow } from '#workflow/check.ts'
import type { Owned } from '#workflow/criteria.ts'
import { simulate } from '#workflow/simulation.ts'
import type { Workflow } from '#workflow/workflow.ts'

const MOST_OWNED = 64

export const workflowSimulate: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'workflow simulate',
  summary: 'Says what a person would see in a login by a workflow.',
  takes: ['FILE'],
  flags: [
    { name: 'user', value: 'NAME', sentence: 'The name that the person signs in with.' },
    { name: 'tenant', value: 'NAME', sentence: 'The tenant of the person, where there is more than one.' },
    { name: 'owns', value: 'AT_A,AT_B', sentence: 'Policies in place of a person: asks no store.' },
    { name: 'acr', value: '"A B"', sentence: 'The acr_values of the request.' },
  ],

  free(given) {
    const { owns, user } = given.flags
    if (owns === undefined && user === undefined)
      throw new Refusal('invalid_request', 'Say --user NAME, or --owns AT_A,AT_B.')
    if (owns === undefined) return undefined
    if (user !== undefined) throw new Refusal('invalid_request', 'Say --user or --owns, not both.')
    const policies = words(owns, /[\s,]+/)
    return reported(given, workflowIn(given), 'Somebody', new Set(policies))
  },

  async run(given, office) {
    const workflow = workflowIn(given)
    const name = String(given.flags.user ?? '')
    const tenant = await personsTenant(given, office)
    const rows = await office.foundations.store.read(tenant.number, () =>
      rowsOf(loginQueries.person(tenant.number, name)),
    )
    if (rows.length === 0)
      throw new Refusal(
        'not_found',
        `Nobody in tenant "${tenant.name}" signs in as "${visible(name)}". The portal shows such a name what somebody sees who has nothing: --owns "".`,
      )
    const owned = new Set(rows.flatMap(({ policy }) => (policy === null ? [] : [policy])))
    return reported(given, workflow, `${name} (tenant ${tenant.name})`, owned, tenant)
  },
}

/** The only one there is, where none is named. */
async function personsTenant(given: Arguments, office: Office): Promise<Tenant> {
  if (given.flags.tenant !== undefined) return tenantOf(given, office)
  const [only, ...more] = await office.tenants.list()
  if (!only || more.length > 0) throw new Refusal('invalid_request', 'Say --tenant NAME. See: countersign tenant list')
  return tenantOf({ words: [], flags: { tenant: only.name } }, office)
}

function reported({ flags }: Arguments, workflow: Workflow, who: string, owned: Owned, tenant?: Tenant): Report {
  const acrValues = words(flags.acr, /\s+/)
  const simulation = simulate(workflow, owned, acrValues)
  const asked = {
    workflow,
    who,
    owned,
    acrValues,
    known: tenant && ((code: string) => tenant.configuration.findPolicy(code) !== undefined),
  }
  return {
    lines: simulationLines(asked, simulation).map(visible),
    data: simulationData(asked, simulation),
    exit: simulation.getsIn ? 0 : 1,
  }
}

function workflowIn({ words: [file = ''] }: Arguments): Workflow {
  const { workflow, problems } = checkWorkflow(textOf(file))
  if (workflow) return workflow
  const many = `${problems.length} problem${problems.length === 1 ? '' : 's'}`
  throw new Refusal(
    'invalid_value',
    `${basename(file)} cannot be read as a workflow: ${many}. See: countersign workflow check ${file}`,
  )
}

function words(flag: string | true | undefined, between: RegExp): readonly string[] {
  const list = typeof flag === 'string' ? flag.split(between).filter(word => word !== '') : []
  if (list.length > MOST_OWNED) throw new Refusal('too_large', `At most ${MOST_OWNED} names can be given.`)
  return list
}
