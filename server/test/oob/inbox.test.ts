/** The inbox of the demo: for this machine alone, escaped, bounded, without script. */
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Inbox } from '#cli/inbox.ts'
import { send } from '../world.ts'
import { send as ask, makePerson, messagesTo, type OobWorld, register, startOob } from './people.ts'

let given: OobWorld
beforeAll(async () => {
  given = await startOob()
})
afterAll(() => given.world.close())

test('a code that was asked for stands in the list and on the page', async () => {
  const person = await makePerson(given)
  await register(given, person, { policy: 'AT_OOBEML', deviceType: 'DT_OOBEML' })
  await ask(given, person, 'null', { authType: 'AT_OOBEML' })
  const [message] = await messagesTo(given, person.email)
  const list = await send(`${given.world.base}/inbox.json`)
  expect(list.headers.get('content-type')).toMatch(/^application\/json/)
  expect(list.body).toContainEqual(message)
  const page = await send(`${given.world.base}/inbox`)
  expect(page.text).toContain(person.email)
  expect(page.text).toContain('http-equiv="refresh" content="5"')
  expect(page.text).not.toContain('<script')
  expect((await send(`${given.world.base}/inbox.css`)).text).toContain('prefers-color-scheme: dark')
})

test('what stands in a message is text on the page', async () => {
  given.inbox.take({
    to: '<b>"x"',
    kind: 'email',
    subject: '<script>1</script>',
    text: '<img src=x>',
    at: new Date(0).toISOString(),
  })
  const page = await send(`${given.world.base}/inbox`)
  expect(page.text).not.toMatch(/<script>|<img|<b>/)
})

test('another name that leads here is told nothing', async () => {
  const statusBy = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(given.world.base)
      request({ host: '127.0.0.1', port, path: '/inbox.json', headers: { host } }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
  const { port } = new URL(given.world.base)
  expect(await statusBy(`localhost:${port}`)).toBe(200)
  expect(await statusBy('evil.example')).toBe(404)
  expect(await statusBy(`evil.example:${port}`)).toBe(404)
})

test('the newest 200 are kept, the newest last', () => {
  const inbox = new Inbox()
  for (let n = 0; n < 250; n++) inbox.take({ to: 't', kind: 'sms', text: String(n), at: '2026-01-01T00:00:00Z' })
  expect([inbox.messages.length, inbox.messages[0]?.text, inbox.messages.at(-1)?.text]).toEqual([200, '50', '249'])
})
