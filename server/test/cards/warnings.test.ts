/** What whoever saves a workflow is told of its cards. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Payload } from '../passkeys/people.ts'
import { api, startWorld, type World } from '../world.ts'
import { CardPeople, cardFlow } from './people.ts'

let world: World
let cards: CardPeople
let id = 0

beforeAll(async () => {
  world = await startWorld()
  cards = await CardPeople.of(world)
})
afterAll(() => world.close())

async function warningsOf(applications: readonly string[], change?: (payload: Payload) => void): Promise<string[]> {
  id += 1
  const path = `/configuration/${world.demo.tenant}/v2/Custo/IDPWorkflows`
  const document = { id: `ID_W${id}`, payload: cardFlow(applications, change) }
  const { status, body } = await api(world, cards.people.bearer, 'POST', path, document)
  expect(status).toBe(201)
  return (body.warnings ?? []).map(({ at, code }: { at: string; code: string }) => `${code} ${at}`)
}
const FIRST = '/payload/firstFactors/0'

it('a card that proves something is warned of only as something that can be found', async () => {
  expect(await warningsOf([await cards.application('cmac')])).toEqual([`card_alone ${FIRST}/stepUp`])
})

it('one that proves nothing: it claims nothing where it is enough, and is refused where nobody said so', async () => {
  const bare = await cards.application('none')
  expect(await warningsOf([bare])).toContain(`card_identifies_only ${FIRST}`)
  const silent = await warningsOf([bare], payload => {
    delete payload.firstFactors[0].stepUp
  })
  expect(silent).toContain(`card_never_enough ${FIRST}`)
})

it('an application that is not there, and a policy that is not', async () => {
  expect(await warningsOf(['APP_NOT_THERE'])).toContain(
    'unknown_card_application /payload/enrollActions/0/allowedCards/0',
  )
  const other = await warningsOf(['APP_NOT_THERE'], payload => {
    payload.firstFactors[0].code = 'APP_NOT_THERE_AT_CARD'
  })
  expect(other).toContain(`unknown_policy ${FIRST}/code`)
})
