/** Themes live: colours, logo, place of the card, picture behind it, texts and languages; text reads on whatever ground. */
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, type PortalGround, startPortal, workflowOf } from './portal-ground.ts'

let ground: PortalGround
let workflow: string

/** A picture of one colour, as PNG (ISO/IEC 15948) has it. */
function picture(width: number, height: number, colour: readonly [number, number, number]): string {
  const part = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()])
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  const parts = [start, part('IHDR', head), part('IDAT', rows), part('IEND', Buffer.alloc(0))]
  return `data:image/png;base64,${Buffer.concat(parts).toString('base64')}`
}
const LOGO = picture(48, 24, [20, 60, 160])
const BACKGROUND = picture(64, 40, [150, 90, 60])

const texts = {
  en: {
    ...{ service_name: 'House sign-in', service_tagline: 'One page, every factor', company_name: 'The House' },
    ...{ application_title: 'Come in', 'LOGIN.input.password.label': 'House password' },
    'LOGIN.input.password.label.mine': 'Password of the house',
  },
  fr: { service_name: 'Connexion de la maison', company_name: 'La Maison', application_title: 'Entrez' },
}

beforeAll(async () => {
  ground = await startPortal()
  const labels = { 'LOGIN.input.password.label': 'LOGIN.input.password.label.mine' }
  const first = [{ ...PASSWORD, localizationKeyRedefinition: labels }]
  workflow = await ground.workflow(workflowOf({ first }))
})
afterAll(() => ground?.close())

async function themed(ui: object, options: object = {}, more: Record<string, string> = {}) {
  const payload = { ui: { hid_portal: ui, extensions: {} }, localization: { hid_portal: texts, extensions: {} } }
  const client = await ground.client(workflow, { theme_id: await ground.theme(payload) })
  const { context, page } = await ground.open(options)
  await ground.begin(page, client, more)
  await page.getByRole('button', { name: /Show password|Afficher/ }).waitFor()
  return { context, page }
}

describe('a theme', () => {
  it('gives colours, a logo, names, and labels of one factor', async () => {
    const { context, page } = await themed({ 'gradient-start': 'red', 'gradient-end': 'orange', logo: LOGO })
    await page.getByRole('heading', { name: 'Come in' }).waitFor()
    await page.getByText('One page, every factor').waitFor()
    await page.getByLabel('Password of the house', { exact: true }).waitFor()
    expect(await page.getByRole('img', { name: 'The House' }).count()).toBe(1)
    expect(await page.title()).toBe('Come in · House sign-in')
    await ground.look(page, 'theme-right')
    await context.close()
  })

  it.each([
    { name: 'greens', position: 'left', ui: { 'gradient-start': '#0b3d2e', 'gradient-end': '#3f9b6d' } },
    { name: 'extremes', position: 'center', ui: { 'gradient-start': '#000', 'gradient-end': '#fff' } },
    {
      name: 'pale',
      position: 'center',
      ui: { 'gradient-start': 'lightyellow', 'gradient-end': 'lightblue', logo: LOGO },
    },
    { name: 'picture', position: 'center', ui: { 'login-background': BACKGROUND, logo: LOGO } },
  ])('stands $position ($name)', async ({ name, position, ui }) => {
    const { context, page } = await themed({ 'login-position': position, ...ui })
    await ground.look(page, `theme-${name}`)
    await context.close()
  })

  it('speaks the language that the application asks for, then the one of the browser', async () => {
    const asked = await themed({}, { locale: 'en-GB' }, { ui_locales: 'fr-CA en' })
    await asked.page.getByRole('heading', { name: 'Entrez' }).waitFor()
    expect(await asked.page.evaluate(() => document.documentElement.lang)).toBe('fr')
    await asked.page.getByRole('button', { name: 'Se connecter' }).click()
    await asked.page.getByText('Saisissez votre nom d’utilisateur.').waitFor()
    await ground.look(asked.page, 'theme-fr')
    await asked.context.close()
    const own = await themed({}, { locale: 'fr-FR' })
    await own.page.getByRole('heading', { name: 'Entrez' }).waitFor()
    await own.context.close()
  })
})

describe('the page', () => {
  it('asks nobody else for anything, and weighs little', async () => {
    const { context, page } = await ground.open()
    const seen: { url: string; bytes: number }[] = []
    page.on('requestfinished', async request => {
      const { responseBodySize, responseHeadersSize } = await request.sizes()
      seen.push({ url: request.url(), bytes: responseBodySize + responseHeadersSize })
    })
    const client = await ground.client(workflow)
    await ground.begin(page, client)
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    const strangers = seen.filter(({ url }) => !url.startsWith(ground.server) && !url.startsWith('http://127.0.0.1'))
    expect(strangers).toEqual([])
    const own = seen.filter(({ url }) => /\/portal\/|\/authn\/(?:portal|flow|theme)/.test(url))
    expect(own.length).toBeGreaterThanOrEqual(5)
    expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(60_000)
    await context.close()
  })

  it('does not move while its scripts come: what the server sent stands where they draw it', async () => {
    const client = await ground.client(workflow)
    const places: unknown[] = []
    for (const javaScriptEnabled of [false, true]) {
      const { context, page } = await ground.open({ javaScriptEnabled })
      await ground.begin(page, client)
      if (javaScriptEnabled) await page.getByRole('button', { name: 'Show password' }).waitFor()
      const boxes = ['h1', '#username', '#password', '.step .button', '.out .button'].map(one => page.locator(one))
      places.push(await Promise.all(boxes.map(one => one.boundingBox())))
      await context.close()
    }
    expect(places[0]).toEqual(places[1])
  })
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
