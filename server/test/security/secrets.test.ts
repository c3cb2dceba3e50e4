/**
 * A2, H1: secrets that were planted by running every flow are looked for everywhere they could come out again: answers of
 * every endpoint, refusals, faults, log, metrics, each column of each table, each file of the home.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { byPassword, signIn } from '../account/signed-in.ts'
import { ACTION, challengeBody, SIGNED_VALUES, SIGNING_SUITE } from '../openid/holder.ts'
import {
  api,
  basic,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  hotpOf,
  makeUser,
  otherCode,
  otp,
  response,
  scim,
  send,
  startWorld,
  token,
  type World,
} from '../world.ts'
import { plantByApproving } from './plant-by-approving.ts'
import { plantGateways } from './plant-gateways.ts'
import { codeIn, foundIn, type Planted, spelled, text } from './planted-secrets.ts'
import { addressOf, nameOf, servedEndpoints } from './served-endpoints.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const secrets: Planted[] = []
  const tokens: Planted[] = []
  const codes: string[] = []
  const answers: { readonly place: string; readonly content: string; readonly grants: boolean }[] = []
  const realFetch = globalThis.fetch

  /** Every answer of this file is kept, whoever asked for it. */
  const listen: typeof fetch = async (input, init) => {
    const answer = await realFetch(input, init)
    const content = `${JSON.stringify([...answer.headers])} ${await answer.clone().text()}`
    const place = `${init?.method ?? 'GET'} ${String(input).slice(world.base.length)} ${answer.status}`
    answers.push({ place, content, grants: /\/token(\?.*)?$/.test(String(input)) && answer.status === 200 })
    return answer
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    globalThis.fetch = listen
    await runEveryFlow()
  })
  afterAll(async () => {
    globalThis.fetch = realFetch
    await world.close()
  })

  async function runEveryFlow() {
    const { client, rp, admin, users, tokens: hardware } = world.demo
    for (const { client_secret } of [client, rp]) secrets.push(text('a client secret', client_secret))
    for (const one of [admin, ...users]) secrets.push(text('a password of the demo', one.password))
    for (const one of [...hardware, world.demo.try])
      secrets.push(spelled('a seed of the demo', Buffer.from(one.seed, 'hex')))
    secrets.push(spelled('the master key', masterKey(readFileSync(join(world.home, 'master.key')))))

    bearer = await granted({ grant_type: 'client_credentials' }, basic(client.client_id, client.client_secret))
    await granted({ grant_type: 'client_credentials', client_id: rp.client_id, client_secret: rp.client_secret })
    await imports()
    const user = await makeUser(world, bearer)
    await passwords(user)
    await oneTimeCodes()
    await challengesAndSignatures()
    await refusals(user.name)
    await plantGateways(world, bearer, (what, value) => secrets.push(text(what, value)))
    await plantByApproving(world, bearer, realFetch, (what, value) => secrets.push(text(what, value)))
  }

  /** Waits until the demo's key can be read from its file in either form. */
  function masterKey(file: Buffer): Buffer {
    const written = file.toString('utf8').trim()
    if (/^[0-9a-f]{64}$/i.test(written)) return Buffer.from(written, 'hex')
    return file.length === 32 ? file : Buffer.from(written, 'base64')
  }

  async function granted(fields: Record<string, string>, authorization?: string): Promise<string> {
    const {
      status,
      body,
      text: said,
    } = await token(world, fields, authorization === undefined ? {} : { authorization })
    if (status !== 200) throw new Error(`nothing was granted: ${status} ${said}`)
    tokens.push(
      text('an access token', body.access_token),
      spelled('a token’s bytes', Buffer.from(body.access_token, 'base64')),
    )
    return body.access_token
  }

  async function imports() {
    const seed = randomBytes(20)
    secrets.push(spelled('an imported seed', seed))
    const rows = (serial: string, more = '') =>
      Buffer.from(
        `serial,slot,algorithm,seed_hex,digits\n${serial},1,HOTP,${seed.toString('hex')},6${more}\n`,
      ).toString('base64')
    const good = { deviceType: 'DT_POCK_OE', fileName: 'a.csv', content: rows('PLANTED1') }
    expect((await scim(world, bearer, 'POST', '/Device/.import', good)).status).toBe(200)
    // Refused files are told about row by row; never by what stands in them.
    for (const content of [rows('PLANTED2', ',surplus'), rows('BAD SERIAL'), rows('PLANTED1')]) {
      expect((await scim(world, bearer, 'POST', '/Device/.import', { ...good, content })).status).toBe(400)
    }
    const misplaced = Buffer.from(`${seed.toString('hex')},serial,slot\n1,2,3\n`).toString('base64')
    await scim(world, bearer, 'POST', '/Device/.import', { ...good, content: misplaced })

    const figure = readFileSync(new URL('../../../vectors/rfc6030/figure-6.xml', import.meta.url))
    const right = Buffer.from('12345678901234567890123456789012', 'hex')
    secrets.push(spelled('the seed of the PSKC file', Buffer.from('12345678901234567890')))
    for (const key of [right, randomBytes(16)]) {
      secrets.push(spelled('an import encryption key', key))
      const body = {
        deviceType: 'DT_OATH_OE',
        fileName: 'b.xml',
        content: figure.toString('base64'),
        encryptionKey: `hex:${key.toString('hex')}`,
      }
      const { status } = await scim(world, bearer, 'POST', '/Device/.import', body)
      expect([200, 400]).toContain(status)
    }
  }

  async function passwords({ id, name }: { id: string; name: string }) {
    const password = await givePassword(world, bearer, id)
    const next = `Nx-${randomBytes(9).toString('base64url')}-7k`
    const refused = `${name}-${randomBytes(4).toString('hex')}`
    secrets.push(text('a password', password), text('a changed password', next), text('a refused password', refused))
    const login = { grant_type: 'password', username: name, authType: 'AT_STDPWD' }
    await granted({ ...login, password }, `Bearer ${bearer}`)
    const changeTo = (secret: string) =>
      scim(world, bearer, 'PUT', `/Authenticator/${id}.AT_STDPWD`, {
        'urn:hid:scim:api:idp:2.0:Password': { password: secret },
      })
    expect((await changeTo(next)).status).toBe(200)
    expect((await changeTo(refused)).status).toBe(400)
    await granted({ ...login, password: next }, `Bearer ${bearer}`)
    await token(world, { ...login, password }, { authorization: `Bearer ${bearer}` })
  }

  async function oneTimeCodes() {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const { seed, deviceId } = await giveToken(world, bearer, user.id, 'DT_POCK_OE')
    secrets.push(spelled('a seed', seed))
    for (const counter of [0, 2]) {
      codes.push(hotpOf(seed, counter))
      await granted(
        { grant_type: 'password', username: user.name, password: hotpOf(seed, counter), authType: 'AT_OTP' },
        `Bearer ${bearer}`,
      )
    }
    codes.push(otherCode(hotpOf(seed, 3)), hotpOf(seed, 30), hotpOf(seed, 31))
    await otp(world, bearer, user.name, otherCode(hotpOf(seed, 3)))
    const attributes = [
      { name: 'OTP', value: hotpOf(seed, 30) },
      { name: 'OTP2', value: hotpOf(seed, 31) },
    ]
    const synchronise = { [ACTION]: { action: 'AUTO-SYNCH', attributes } }
    expect((await scim(world, bearer, 'POST', `/Device/${deviceId}`, synchronise)).status).toBe(200)
    expect((await scim(world, bearer, 'POST', `/Device/${deviceId}`, synchronise)).status).toBe(400)
  }

  async function challengesAndSignatures() {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const responder = await giveToken(world, bearer, user.id, 'DT_POCK_OC')
    const signer = await giveToken(world, bearer, user.id, 'DT_POCK_TD')
    const { body } = await scim(
      world,
      bearer,
      'POST',
      `/Authenticator/${user.id}.AT_OTP`,
      challengeBody(responder.deviceId),
    )
    const code = response(responder.seed, body.attributes[0].value)
    const signature = response(signer.seed, SIGNED_VALUES, SIGNING_SUITE)
    codes.push(code, signature)
    secrets.push(spelled('a seed', responder.seed), spelled('a seed', signer.seed))
    const login = { grant_type: 'password', username: user.name, authType: 'AT_OTP' }
    await granted({ ...login, password: code, mode: 'ASYNCHRONOUS', device_id: responder.deviceId }, `Bearer ${bearer}`)
    const context = 'sign1:1122:false sign2:3344:true sign3:5566:false'
    await granted(
      { ...login, password: signature, mode: 'SIGNING', device_id: signer.deviceId, context },
      `Bearer ${bearer}`,
    )
  }

  /** Secrets in wrong places: the query, another parameter, a malformed body, an unknown client, a lost address. */
  async function refusals(name: string) {
    const lost = (what: string) => {
      const secret = `Ls-${randomBytes(12).toString('hex')}`
      secrets.push(text(what, secret))
      return secret
    }
    const bad = { authorization: `Bearer ${bearer}` }
    await token(world, { grant_type: lost('a secret as grant_type') }, bad)
    await token(
      world,
      { grant_type: 'password', username: lost('a secret as user name'), password: 'x', authType: 'AT_STDPWD' },
      bad,
    )
    await token(
      world,
      { grant_type: 'password', username: name, password: lost('a wrong password'), authType: 'AT_STDPWD' },
      bad,
    )
    await token(
      world,
      { grant_type: 'password', username: name, password: 'x', authType: lost('a secret as policy') },
      bad,
    )
    await token(world, {
      grant_type: 'client_credentials',
      client_id: world.demo.rp.client_id,
      client_secret: lost('a wrong client secret'),
    })
    await token(
      world,
      { grant_type: 'client_credentials' },
      { authorization: basic(lost('a secret as client id'), lost('a secret of nobody')) },
    )
    await token(world, { grant_type: 'client_credentials' }, { authorization: `Bearer ${lost('an unknown token')}` })
    const url = addressOf(world, '/{tenant}/authn/token')
    await send(`${url}?grant_type=client_credentials&client_id=1&client_secret=${lost('a secret in the query')}`, {
      method: 'POST',
    })
    await send(url, {
      method: 'POST',
      body: `{"grant_type":"password","password":"${lost('a secret in broken JSON')}"`,
    })
    await send(`${world.base}/nowhere/${lost('a secret in an address')}`)
    await send(addressOf(world, '/scim/{tenant}/v2/Users'), {
      headers: { authorization: `Bearer ${lost('a token of nobody')}` },
    })
    await scim(world, bearer, 'POST', '/Authenticator', {
      policy: { value: 'AT_STDPWD' },
      owner: { value: '99999999' },
      'urn:hid:scim:api:idp:2.0:Password': { password: lost('a password for nobody') },
    })
  }

  test('A2: no GET and no .search gives a secret back, with whatever it is asked for', async () => {
    const served = await servedEndpoints(world)
    const lists = new Map<string, string[]>()
    // A person with all that can be shown to him.
    const owner = await makeUser(world, bearer)
    await givePassword(world, bearer, owner.id)
    await giveToken(world, bearer, owner.id)
    const me = await signIn(world, owner.id, byPassword)
    await me.call('POST', 'devices')
    for (const { method, path, door } of served) {
      // The page of a person's own things is the same for everybody, and only there where it is built.
      if (path.endsWith('/account')) continue
      // What a login shows is shown to its browser only: `../sign-in`.
      if (/authn\/(login|flow|theme|code|consent|portal|portal\/reset)$/.test(path)) continue
      if (method !== 'GET' || !path.includes('{tenant}') || path.includes('{id}')) continue
      // What phones ask is signed by them, and what a client asks of its request names it: `plantByApproving` does both.
      if ((door === 'approve' && !path.endsWith('/service')) || path.endsWith('/deliveries')) continue
      const by = door === 'account' ? me.token : bearer
      const { status, body } = await api(world, by, 'GET', addressOf(world, path).slice(world.base.length))
      expect([nameOf({ method, path }), status]).toEqual([nameOf({ method, path }), 200])
      lists.set(
        path,
        (body.resources ?? []).map(({ id }: { id: string }) => id),
      )
      await api(
        world,
        bearer,
        'GET',
        `${addressOf(world, path).slice(world.base.length)}?attributes=password,secret,seed,settings`,
      )
    }
    expect(lists.get('/scim/{tenant}/v2/Users')?.length).toBeGreaterThan(5)
    const reports = await world.ground.store.read(1, () =>
      rowsOf<{ id: number }>({
        name: 'test_reports',
        text: 'select id as "id" from device_import where tenant_number = ?1',
        values: [1],
      }),
    )
    lists.set(
      '/scim/{tenant}/v2/Device/.import',
      reports.map(({ id }) => String(id)),
    )
    lists.set('/{tenant}/authn/register', [world.demo.client.client_id, world.demo.rp.client_id])
    let shown = 0
    for (const { method, path } of served) {
      if (method === 'POST' && path.endsWith('/.search'))
        await api(world, bearer, 'POST', addressOf(world, path).slice(world.base.length), {})
      if (method !== 'GET' || !path.endsWith('/{id}')) continue
      for (const id of (lists.get(path.slice(0, -'/{id}'.length)) ?? []).slice(0, 40)) {
        const { status } = await api(world, bearer, 'GET', addressOf(world, path, id).slice(world.base.length))
        expect([path, id, status]).toEqual([path, id, 200])
        shown += 1
      }
    }
    expect(shown).toBeGreaterThan(40)
    expect(answers.flatMap(({ place, content }) => foundIn(place, Buffer.from(content), secrets))).toEqual([])
    expect(answers.flatMap(({ place, content }) => codeIn(place, content, codes))).toEqual([])
    const elsewhere = answers.filter(({ grants }) => !grants)
    expect(elsewhere.flatMap(({ place, content }) => foundIn(place, Buffer.from(content), tokens))).toEqual([])
  })

  test('H1: a client secret is shown by no call', async () => {
    const { body } = await scim(world, bearer, 'POST', '/Users/.search', {
      filter: `userName eq ${world.demo.rp.client_id}`,
    })
    expect(body.totalResults).toBe(1)
    expect(JSON.stringify(body)).not.toMatch(/secret/i)
  })

  test('H1: no secret is in the log', () => {
    const log = world.logged.join('\n')
    expect(foundIn('the log', Buffer.from(log), [...secrets, ...tokens])).toEqual([])
    expect(codeIn('the log', log, codes)).toEqual([])
  })

  test('H1: no secret is in the metrics', async () => {
    const { status, text: metrics } = await send(`${world.base}/metrics`)
    expect(status).toBe(200)
    expect(foundIn('the metrics', Buffer.from(metrics), [...secrets, ...tokens])).toEqual([])
    for (const word of ['demo', world.demo.client.client_id, 'test.example', 'PLANTED1'])
      expect(metrics).not.toContain(word)
  })

  test('A2, H1: no secret is in any column: tokens as hashes, seeds and keys sealed, passwords as argon2id', async () => {
    const listing =
      engine === 'SQLite'
        ? 'select name as "name" from sqlite_master where type = \'table\''
        : 'select table_name as "name" from information_schema.tables where table_schema = current_schema()'
    const tables = await read<{ name: string }>(listing)
    expect(tables.length).toBeGreaterThan(20)
    const found: string[] = []
    const seen = new Map<string, number>()
    for (const { name } of tables) {
      const rows = await read<Record<string, unknown>>(`select * from ${name}`)
      seen.set(name, rows.length)
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          const content = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
          found.push(...foundIn(`${name}.${column}`, content, [...secrets, ...tokens]))
          if (typeof value === 'string' && name !== 'challenge')
            found.push(...codeIn(`${name}.${column}`, value, codes))
        }
      }
    }
    expect(found).toEqual([])
    const used = ['credential', 'password', 'session', 'audit_event', 'client', 'device_import']
    for (const name of [...used, 'approval', 'provision', 'app', 'outbox']) {
      expect([name, (seen.get(name) ?? 0) > 0]).toEqual([name, true])
    }
    for (const { hash } of await read<{ hash: string }>('select hash as "hash" from password')) {
      expect(hash).toMatch(/^\$(argon2id|scrypt)\$/)
    }
    const kept = await read<{ proof: Uint8Array }>('select proof as "proof" from session')
    expect(kept.every(({ proof }) => proof.length === 32)).toBe(true)
    const [client] = await read<{ proof: Uint8Array }>(
      `select secret_proof as "proof" from client where client_id = '${world.demo.rp.client_id}'`,
    )
    expect(Buffer.from(client?.proof ?? [])).toEqual(createHash('sha256').update(world.demo.rp.client_secret).digest())
  })

  test('H1: no secret is in any file of the home but the key’s own and that of the demo', () => {
    const found = readdirSync(world.home)
      .filter(name => name !== 'master.key' && name !== 'demo.json')
      .flatMap(name => foundIn(name, readFileSync(join(world.home, name)), [...secrets, ...tokens]))
    expect(found).toEqual([])
  })

  test('the search itself finds what is there', () => {
    const [first] = secrets
    expect(foundIn('here', Buffer.concat([Buffer.from('…'), first!.needles[1]!]), secrets)).toHaveLength(1)
    expect(codeIn('here', `{"password":"${codes[0]}"}`, codes)).toHaveLength(1)
    expect(answers.filter(({ grants }) => grants).length).toBeGreaterThan(6)
    expect(answers.length).toBeGreaterThan(60)
  })

  const read = <Row>(query: string): Promise<readonly Row[]> =>
    world.ground.store.read(1, () =>
      rowsOf<Row>({
        name: `c_test_${createHash('sha256').update(query).digest('hex').slice(0, 12)}`,
        text: query,
        values: [],
      }),
    )
})
