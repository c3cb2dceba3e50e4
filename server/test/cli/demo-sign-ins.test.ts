/** What `countersign demo` has for people who sign in: the samples under their ids, and somebody for each; made once per home. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameOf, samples, THEME, ways } from '#cli/demo-samples.ts'
import { furnishSignIns } from '#cli/demo-sign-ins.ts'
import { buildDemoWorld, type DemoWorld } from '#cli/demo-world.ts'
import { readSettings } from '#settings/read.ts'
import { bounds } from '#workflow/bounds.ts'
import { lint } from '#workflow/lint.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import { ROOT } from '../architecture/read-project.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let furnished: DemoWorld
beforeAll(async () => {
  world = await startWorld()
  furnished = await furnishSignIns(world.office, await again())
  furnished.settled(Number(new URL(world.base).port))
})
afterAll(() => world.close())

/** The world of this home, as a second start finds it. */
async function again(): Promise<DemoWorld> {
  const { settings } = readSettings(world.environment)
  if (!settings) throw new Error('no settings')
  return buildDemoWorld(world.office, settings)
}

const configuration = async () => (await world.office.directory.find(world.demo.tenant))?.configuration

test('the sample workflows are documents of the tenant, as they stand in the repository, and so are theme and policy', async () => {
  const now = await configuration()
  const folder = join(ROOT, 'vectors/workflows')
  const files = readdirSync(folder).map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  expect(files).toHaveLength(7)
  for (const { id, payload } of files) expect(now?.findWorkflow(id)).toMatchObject({ payload, version: 1 })
  expect(now?.findTheme(THEME)?.version).toBe(1)
  const own = now?.findWorkflow('ID_EXPIRED_PASSWORD')
  const { workflow, problems, unread } = readWorkflow({ id: own?.code, payload: own?.payload })
  expect(problems).toEqual([])
  expect(workflow && lint(workflow, unread)).toEqual([])
  expect(JSON.stringify(own?.payload).length).toBeLessThan(bounds.text)
  expect(now?.findPolicy('AT_DEMOPWD')).toMatchObject({ allowExpiredReset: 3, readOnly: false })
})

test('each way has a client, each person a secret, and each way a person', () => {
  const { ways: clients, people } = furnished.content.sign_ins ?? { ways: [], people: [] }
  expect(clients.map(({ id }) => id)).toEqual(ways.map(({ id }) => id))
  expect(new Set(clients.map(({ client_id }) => client_id)).size).toBe(ways.length)
  for (const { password, activation_code } of people) expect(password ?? activation_code).toBeTruthy()
  expect(people.map(({ externalId }) => externalId)).toEqual(samples.map(nameOf))
  // Alice and Bob sign in as usual.
  const used = new Set(['house', ...samples.flatMap(sample => sample.ways)])
  expect([...used].sort()).toEqual(ways.map(({ id }) => id).sort())
})

test('a second start makes nothing anew', async () => {
  const second = await furnishSignIns(world.office, await again())
  expect(second.content.sign_ins).toEqual(furnished.content.sign_ins)
})
