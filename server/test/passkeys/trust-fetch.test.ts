/**
 * What leaves this machine for the sake of passkeys: the FIDO metadata once a day when an address is set, and nothing else. A chain that
 * names revocation lists makes nobody ask for them, whatever its format.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { der } from '#keys/der.ts'
import { fetchMetadata } from '#keys/webauthn/fetch-metadata.ts'
import { FidoMetadata } from '#keys/webauthn/fido-metadata.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import { fidoMetadataQueries } from '#storage/fido-metadata.ts'
import { storeQueries } from '#storage/store-rows.ts'
import { startWorld } from '../world.ts'
import { packedBy, u2fBy } from './attesters.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { attester, base64Of, extension, issue, makeRoot } from './certificates.ts'
import { androidBy, appleBy } from './forgeries.ts'
import { makePublisher, publish } from './metadata.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(answer: () => { status: number; body: string; location?: string }) {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    const { status, body, location } = answer()
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { calls, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

test('the metadata is fetched once a day, without following anybody elsewhere', async () => {
  const world = await startWorld()
  try {
    const { store, recorder, clock } = world.ground
    const publisher = makePublisher()
    const roots = [publisher.root.certificate]
    const metadata = new FidoMetadata({ store, recorder, clock, roots, rows: fidoMetadataQueries, meta: storeQueries })
    const said = { status: 200, body: publish(publisher, 3, []) }
    const { calls, address } = await serve(() => said)
    const run = () => fetchMetadata(metadata, address, clock, new AbortController().signal)
    await run()
    await run()
    expect([calls.length, (await metadata.state())?.no]).toEqual([1, 3])
    world.pass(86_500)
    await run()
    await run()
    expect(calls.length).toBe(2)
    world.pass(86_500)
    said.body = publish(publisher, 4, [])
    await run()
    expect((await metadata.state())?.no).toBe(4)
    world.pass(86_500)
    said.status = 503
    await expect(run()).rejects.toThrow(/status 503/)
    const elsewhere = await serve(() => ({ status: 302, body: '', location: address }))
    const redirected = fetchMetadata(metadata, elsewhere.address, clock, new AbortController().signal)
    await expect(redirected).rejects.toThrow()
    expect([elsewhere.calls.length, calls.length]).toEqual([1, 4])
  } finally {
    await world.close()
  }
})

test('nobody asks the addresses that a chain names', async () => {
  const { calls, address } = await serve(() => ({ status: 200, body: '' }))
  const uri = Buffer.concat([Uint8Array.of(0x86, address.length), Buffer.from(address)])
  const point = der.sequence(der.sequence(der.explicit(0, der.explicit(0, uri))))
  const extensions = [extension('2.5.29.31', point)]
  const root = makeRoot({ extensions })
  const between = issue(root, { subject: { C: 'SE', O: 'K', CN: 'Between' }, isAuthority: true, extensions })
  const leaf = issue(between, { extensions })
  const aaguid = '00000000-0000-0000-0000-000000000000'
  const makers = {
    packed: packedBy(attester(leaf, between)),
    'packed with its root': packedBy(attester(leaf, between, root)),
    'fido-u2f': u2fBy(attester(issue(root, { extensions }))),
    apple: appleBy(root),
    'android-key': androidBy(root),
  }
  const anchors = [[], [base64Of(root)]]
  for (const anchor of anchors) {
    const passkeys = new WebAuthnPasskeys({
      find: async () => ({ aaguid, description: '', reports: [], anchors: anchor }),
    })
    for (const [name, attest] of Object.entries(makers)) {
      const verdict = await passkeys.verifyRegistration({
        credential: new SoftAuthenticator().create(
          { challenge: 'AAAA', rp: { id: 'a.example' }, user: { id: 'dTE' } },
          'https://a.example',
          attest,
        ),
        ...{ challenge: 'AAAA', origins: ['https://a.example'], rpId: 'a.example', userVerification: 'required' },
        ...{ attestation: 'direct', allowedAAGUIDs: [aaguid], policy: STOCK_FIDO_POLICY, now_ms: Date.now() },
      })
      expect([name, verdict.verdict]).toEqual([name, anchor.length > 0 ? 'accepted' : 'refused'])
    }
  }
  expect(calls).toEqual([])
})
