/**
 * Workflows and themes over the wire: payloads come back as they were written, what cannot be read is refused with its place, what a
 * client names stays, and a workflow that is replaced is kept for the logins that run by it.
 */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { first } from '#domain/ports/store.ts'
import { loginQueries } from '#storage/login.ts'
import { api, clientToken, engineNames, startWorld, type World } from '../world.ts'

const CUSTOMIZATION = 'urn:hid:scim:api:idp:2.0:Customization'
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const CRITERIA = {
  accessCriteriaId: 'access_criteria.common_to_all',
  authenticators: { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: false },
}
const factor = {
  factorId: 'factor.up',
  accessCriteriaId: CRITERIA.accessCriteriaId,
  code: 'AT_CUSTPWD',
  class: 'LOGIN',
}
const workflow = { zeta: { kept: [1, null] }, accessCriteria: [CRITERIA], firstFactors: [factor], actions: [] }

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const custo = (method: string, path: string, body?: unknown) =>
    api(world, bearer, method, `/configuration/${world.demo.tenant}/v2/Custo/${path}`, body)
  const fresh = (name = 'ID') => `${name}_${randomBytes(4).toString('hex')}`
  const stored = async (kind: 'IDPWorkflows' | 'IDPThemes', payload: unknown) => {
    const id = fresh()
    const answer = await custo('POST', kind, { schemas: [CUSTOMIZATION], id, payload })
    return { id, answer }
  }
  const register = (metadata: object) =>
    api(world, bearer, 'POST', `/${world.demo.tenant}/authn/register`, {
      client_name: fresh('portal'),
      redirect_uris: ['https://rp.example/cb'],
      ...metadata,
    })

  test('a workflow comes back as it was written: order, unknown members and all', async () => {
    const { id, answer } = await stored('IDPWorkflows', workflow)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ schemas: [CUSTOMIZATION], id, readOnly: false })
    const read = await custo('GET', `IDPWorkflows/${id}`)
    expect(read.status).toBe(200)
    expect(JSON.stringify(read.body.payload)).toBe(JSON.stringify(workflow))
    expect(read.body.warnings).toBeUndefined()
    expect(read.body.meta).toMatchObject({ resourceType: 'IDPWorkflow', version: 1 })
    const list = await custo('GET', 'IDPWorkflows')
    expect(list.body.resources.map((one: { id: string }) => one.id)).toEqual(expect.arrayContaining([id, 'ID_DEFAULT']))
    expect((await custo('POST', 'IDPWorkflows', { id, payload: workflow })).status).toBe(409)
  })

  test('POST and PUT warn of what leads nowhere, and store it', async () => {
    const dangling = { ...workflow, theme_id: 'ID_NOWHERE', firstFactors: [{ ...factor, code: 'AT_NOWHERE' }] }
    const { id, answer } = await stored('IDPWorkflows', dangling)
    expect(answer.status).toBe(201)
    const codes = answer.body.warnings.map(({ at, code }: { at: string; code: string }) => `${at} ${code}`)
    expect(codes).toEqual(
      expect.arrayContaining(['/payload/firstFactors/0/code unknown_policy', '/payload/theme_id unknown_theme']),
    )
    expect((await custo('PUT', `IDPWorkflows/${id}`, { payload: dangling })).body.warnings).toHaveLength(codes.length)
  })

  test('what is no workflow is refused with the place and what was expected', async () => {
    const wrong = { ...workflow, firstFactors: [{ ...factor, class: 'PASSWORT' }, factor] }
    const { id, answer } = await stored('IDPWorkflows', wrong)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ scimType: 'invalidValue', errorCode: 1009 })
    expect(answer.body.detail).toMatch(/^\/payload\/firstFactors\/0\/class: expected one of LOGIN, .*found "PASSWORT"/)
    expect((await custo('GET', `IDPWorkflows/${id}`)).status).toBe(404)
    expect((await stored('IDPWorkflows', undefined)).answer.body.detail).toMatch(/^\/payload: /)
    expect((await custo('POST', 'IDPWorkflows', { id: 'a/b', payload: workflow })).body.detail).toMatch(/^\/id: /)
    const text = `{"schemas":["${CUSTOMIZATION}"],"id":"ID_BROKEN","payload":{"accessCriteria":[],}}`
    const broken = await fetch(`${world.base}/configuration/${world.demo.tenant}/v2/Custo/IDPWorkflows`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: text,
    })
    expect(broken.status).toBe(400)
  })

  test('PUT replaces, a stale version is refused, and the former workflow is kept for two hours', async () => {
    const { id } = await stored('IDPWorkflows', workflow)
    const after = { accessCriteria: [CRITERIA], firstFactors: [{ ...factor, code: 'AT_STDPWD' }] }
    const put = await custo('PUT', `IDPWorkflows/${id}`, { id, payload: after, meta: { version: 1 } })
    expect(put.status).toBe(200)
    expect((await custo('GET', `IDPWorkflows/${id}`)).body.payload).toEqual(after)
    expect((await custo('PUT', `IDPWorkflows/${id}`, { payload: after, meta: { version: 1 } })).status).toBe(409)
    const before = JSON.stringify(workflow)
    expect(await pinned(before)).toBe(before)
    expect((await custo('DELETE', `IDPWorkflows/${id}`)).status).toBe(204)
    expect(await pinned(JSON.stringify(after))).toBe(JSON.stringify(after))
  })

  const pinned = async (text: string) => {
    const tenant = (await world.office.directory.find(world.demo.tenant))!
    const hash = createHash('sha256').update(text).digest('hex')
    const row = await world.ground.store.read(tenant.number, () =>
      first(loginQueries.pinnedWorkflow(tenant.number, hash)),
    )
    return row?.document
  }

  test('stock documents are copied, never changed', async () => {
    const standard = await custo('GET', 'IDPWorkflows/ID_DEFAULT')
    expect(standard.body.readOnly).toBe(true)
    expect((await custo('PUT', 'IDPWorkflows/ID_DEFAULT', { payload: workflow })).body.scimType).toBe('mutability')
    expect((await custo('DELETE', 'IDPThemes/ID_DEFAULT_THEME')).body.scimType).toBe('mutability')
    const { answer } = await stored('IDPWorkflows', standard.body.payload)
    expect(answer.status).toBe(201)
    expect(answer.body.warnings).toBeUndefined()
  })

  test('what a client or a workflow names does not go, but may be changed', async () => {
    const theme = await stored('IDPThemes', { ui: {}, localization: {} })
    const flow = await stored('IDPWorkflows', { ...workflow, theme_id: theme.id })
    const client = await register({ workflow_id: flow.id, theme_id: theme.id })
    expect(client.status).toBeLessThan(300)
    expect((await custo('DELETE', `IDPWorkflows/${flow.id}`)).body.detail).toMatch(/in use/)
    expect(
      (await custo('PUT', `IDPWorkflows/${flow.id}`, { payload: { ...workflow, theme_id: theme.id } })).status,
    ).toBe(200)
    expect((await custo('DELETE', `IDPThemes/${theme.id}`)).body.detail).toMatch(/in use|names it/)
    const gone = await api(world, bearer, 'DELETE', `/${world.demo.tenant}/authn/register/${client.body.client_id}`)
    expect(gone.status).toBeLessThan(300)
    expect((await custo('DELETE', `IDPThemes/${theme.id}`)).body.detail).toMatch(/names it/)
    expect((await custo('DELETE', `IDPWorkflows/${flow.id}`)).status).toBe(204)
    expect((await custo('DELETE', `IDPThemes/${theme.id}`)).status).toBe(204)
  })

  test('a theme with every value that the portal shows comes back as it was written', async () => {
    const payload = {
      name: 'Ours',
      ui: {
        hid_portal: {
          'login-position': 'left',
          'gradient-start': '#0b3d2e',
          'gradient-end': 'teal',
          logo: PNG,
          more: 1,
        },
        extensions: { corner: { picture: PNG } },
      },
      localization: { hid_portal: { en: { 'LOGIN.name': 'Password' }, 'de-CH': { next_button: 'Weiter' } } },
    }
    const { id, answer } = await stored('IDPThemes', payload)
    expect(answer.status).toBe(201)
    expect((await custo('GET', `IDPThemes/${id}`)).body.payload).toEqual(payload)
  })

  test.each([
    ['ui', [], '/payload/ui'],
    ['ui', { hid_portal: { 'login-position': 'top' } }, '/payload/ui/hid_portal/login-position'],
    ['ui', { hid_portal: { 'gradient-start': 'red;background:url(x)' } }, '/payload/ui/hid_portal/gradient-start'],
    ['ui', { hid_portal: { logo: 'data:image/svg+xml;base64,PHN2Zy8+' } }, '/payload/ui/hid_portal/logo'],
    ['ui', { hid_portal: { logo: 'https://elsewhere.example/a.png' } }, '/payload/ui/hid_portal/logo'],
    ['ui', { hid_portal: { logo: 'data:image/png;base64,PHN2Zy8+' } }, '/payload/ui/hid_portal/logo'],
    ['localization', { hid_portal: { 'not a tag': {} } }, '/payload/localization/hid_portal/not a tag'],
    ['localization', { hid_portal: { en: { next_button: 3 } } }, '/payload/localization/hid_portal/en/next_button'],
    ['localization', 'en', '/payload/localization'],
  ])('a theme whose %s is %j is refused at its place', async (member, value, at) => {
    const { answer } = await stored('IDPThemes', { [member]: value })
    expect(answer.status).toBe(400)
    expect(answer.body.detail.startsWith(`${at}: expected `)).toBe(true)
  })

  test('a theme is at most 512 kB, a picture in it may be large', async () => {
    const logo = (bytes: number) => ({
      ui: { hid_portal: { logo: `${PNG.replace(/=+$/, '')}${'A'.repeat(bytes - (bytes % 4))}` } },
    })
    expect((await stored('IDPThemes', logo(400_000))).answer.status).toBe(201)
    expect((await stored('IDPThemes', logo(600_000))).answer.status).toBe(413)
  })
})
