/** `workflow simulate`: what people with different authenticators are told, by a store and without one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ran, restartableWorld } from '../restore/restartable-world.ts'
import { changed, type Sample } from '../workflow/samples.ts'
import { clientToken, engineNames, makeUser, scim } from '../world.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: Sample) => fileURLToPath(new URL(`../../../vectors/workflows/${name}.json`, import.meta.url))

function changedFile(name: Sample, changes: Record<string, unknown>): string {
  const path = join(folder, 'changed.json')
  writeFileSync(path, JSON.stringify(changed(name, changes)))
  return path
}

// A home that cannot be: whoever asked for a store would fail.
const simulate = (path: string, ...flags: string[]) =>
  ran(['workflow', 'simulate', path, ...flags], { COUNTERSIGN_HOME: '/dev/null/nowhere' })

describe('without a store', () => {
  it('tells each way, what follows and how it ends', async () => {
    const told = await simulate(file('temporary-or-password-push'), '--owns', 'AT_TEMPPWD,AT_CUSTPWD,AT_PASA-2FA')
    expect(told.code).toBe(0)
    expect(told.text).toMatchInlineSnapshot(`
      "Somebody has AT_CUSTPWD, AT_PASA-2FA, AT_TEMPPWD.
      ID_TEMP_OR_UP_PUSH offers:
      1. factor.user_pasword_temporary: a password (AT_TEMPPWD, LOGIN)
         3 wrong answers end the login
         ends the login, acr acr_up_temp
      2. factor.user_pasword: a password (AT_CUSTPWD, LOGIN)
         3 wrong answers end the login
         beside it: action.change_password (CHANGE_PWD); action.request_reset_password (RESET_PWD by email or sms, then action.reset_password)
         then factor.push_authentication: an approval on a device (AT_PASA-2FA, PUSH)
              3 wrong answers end the login
              ends the login, acr acr_push"
    `)
  })

  it('gives the same as JSON', async () => {
    const told = await simulate(file('password-push-automatic'), '--owns', 'AT_CUSTPWD AT_PASA-2FA', '--json')
    expect(JSON.parse(told.text)).toMatchInlineSnapshot(`
      {
        "acr_values": [],
        "firstFactors": [
          {
            "actions": [
              "action.request_reset_password",
            ],
            "code": "AT_CUSTPWD",
            "ends": null,
            "enrollActions": [],
            "factorId": "factor.user_pasword",
            "oobMethods": [],
            "owned": true,
            "retry": 3,
            "secondFactors": [
              {
                "actions": [],
                "code": "AT_PASA-2FA",
                "ends": {
                  "acr": "acr_push",
                },
                "enrollActions": [],
                "factorId": "factor.push_authentication",
                "oobMethods": [],
                "owned": true,
                "retry": 3,
                "type": "PUSH",
              },
            ],
            "type": "LOGIN",
          },
        ],
        "getsIn": true,
        "lacking": [],
        "owned": [
          "AT_CUSTPWD",
          "AT_PASA-2FA",
        ],
        "workflow": "ID_UP_PUSH_AUTOMATIC",
      }
    `)
  })

  it('says what is lacking to whoever has nothing, or not enough', async () => {
    const nothing = await simulate(file('password-or-otp'), '--owns', '')
    expect(nothing).toMatchInlineSnapshot(`
      {
        "code": 1,
        "text": "Somebody has nothing to sign in with.
      No way leads in: the portal answers no_template_found_for_criteria.
      Give an enabled authenticator of AT_CUSTPWD, or of AT_CUSTOTP.",
      }
    `)
    const half = await simulate(file('temporary-or-password-push'), '--owns', 'AT_CUSTPWD')
    expect(half).toMatchInlineSnapshot(`
      {
        "code": 1,
        "text": "Somebody has AT_CUSTPWD.
      No way leads in: the portal answers no_template_found_for_criteria.
      Give an enabled authenticator of AT_TEMPPWD, or of AT_PASA-2FA.",
      }
    `)
  })

  it('tells acr_values apart from what is owned', async () => {
    const [both, acr] = [file('password-or-otp'), 'acr_otp']
    const kept = await simulate(both, '--owns', 'AT_CUSTPWD,AT_CUSTOTP', '--acr', acr)
    expect(kept.text).toContain('factor.otp_token')
    expect(kept.text).not.toContain('factor.user_static_pasword')
    const none = await simulate(both, '--owns', 'AT_CUSTPWD', '--acr', 'acr_otp other')
    expect(none).toMatchInlineSnapshot(`
      {
        "code": 1,
        "text": "Somebody has AT_CUSTPWD.
      The request asks for acr acr_otp or other.
      No way leads in: the portal answers no_template_found_for_criteria.
      Without acr_values acr_otp other there would be one.
      Give an enabled authenticator of AT_CUSTOTP.",
      }
    `)
  })

  it('offers to everybody what criteria do not filter, and says that it cannot be proved', async () => {
    const filtering = '/payload/accessCriteria/0/authenticators/firstFactorsFiltering'
    const told = await simulate(changedFile('password-or-otp', { [filtering]: false }), '--owns', 'AT_CUSTOTP')
    expect(told.code).toBe(0)
    expect(told.text).toContain('cannot be proved: there is no enabled authenticator of AT_CUSTPWD')
    const nobody = await simulate(changedFile('password-or-otp', { [filtering]: false }), '--owns', '')
    expect(nobody.code).toBe(1)
    expect(nobody.text).toContain('No way leads in: nothing that is offered can be proved.')
  })

  it('refuses what it cannot answer', async () => {
    const said = async (...words: string[]) => (await simulate(...(words as [string]))).text
    expect(await said(file('card'))).toBe('Say --user NAME, or --owns AT_A,AT_B.')
    expect(await said(file('card'), '--owns', 'AT_A', '--user', 'x')).toBe('Say --user or --owns, not both.')
    expect(await said(join(folder, 'none.json'), '--owns', 'AT_A')).toMatch(/^There is no file/)
    expect(await said(changedFile('card', { '/payload': 3 }), '--owns', 'AT_A')).toMatch(
      /^changed.json cannot be read as a workflow: 1 problem\. See: countersign workflow check \//,
    )
    expect(await said(file('card'), '--owns', Array(65).fill('A').join(','))).toBe('At most 64 names can be given.')
  })
})

describe.each(engineNames)('with the store of %s', engine => {
  it('reads what the person has, as a login does', async () => {
    const home = await restartableWorld(engine)
    try {
      const world = await home.start()
      const bearer = await clientToken(world)
      const { id: user } = await makeUser(world, bearer, 'jo@example.org')
      for (const [policy, status] of [
        ['AT_CUSTPWD', 'ENABLED'],
        ['AT_EMPPIN', 'DISABLED'],
      ]) {
        const made = await scim(world, bearer, 'POST', '/Authenticator', {
          policy: { value: policy },
          owner: { value: user },
          status: { status },
          'urn:hid:scim:api:idp:2.0:Password': { username: 'jo@example.org', password: '73619204' },
        })
        expect([policy, made.status, made.text]).toEqual([policy, 201, made.text])
      }
      await world.close()
      const run = (...words: string[]) => home.run('workflow', 'simulate', file('password-or-otp'), ...words)
      const told = await run('--user', 'JO@example.org', '--tenant', world.demo.tenant)
      expect(told.code).toBe(0)
      expect(told.text).toContain('JO@example.org (tenant demo) has AT_CUSTPWD.')
      expect(told.text).toContain('1. factor.user_static_pasword: a password (AT_CUSTPWD, LOGIN)')
      expect((await run('--user', 'jo@example.org')).text).toBe(told.text.replace('JO@', 'jo@'))
      expect(await run('--user', 'nobody')).toMatchObject({
        code: 1,
        text: expect.stringContaining('Nobody in tenant "demo" signs in as "nobody".'),
      })
      expect((await run('--user', 'jo@example.org', '--tenant', 'shop')).text).toContain('There is no tenant "shop"')
      expect((await home.run('tenant', 'create', 'shop')).code).toBe(0)
      expect((await run('--user', 'jo@example.org')).text).toBe('Say --tenant NAME. See: countersign tenant list')
    } finally {
      await home.remove()
    }
  })
})
