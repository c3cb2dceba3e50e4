/** Mail under TLS: a certificate that counts, or nothing is said; what a mail is made of, and what never becomes part of it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayRoad } from '#delivery/gateway-road.ts'
import { sendMail } from '#delivery/smtp/mail.ts'
import type { MailGateway } from '#domain/gateway.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { mailCandidate, startMail } from './mail-provider.ts'

/** Gateways of these tests get their secrets by hand. */
const openly: Sealer = { seal: (_, plain) => plain, unseal: (_, sealed) => sealed }
const [password = ''] = mailCandidate.secrets
const secrets = new Map([['password', password]])
const mail = { kind: 'message', method: 'email', to: 'otto@example.com', subject: 'S', text: 'T' } as const
const road: GatewayRoad = {
  clock: { now: () => 1_780_000_000_000 },
  rules: { code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: false },
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
}

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('TLS', () => {
  let folder: string
  let key: string
  let cert: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'))
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', '/CN=mail.test', '-addext', 'subjectAltName=DNS:mail.test', '-keyout', keyFile, '-out', certFile],
      ],
      { stdio: 'ignore' },
    )
    ;[key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const trusting = (): GatewayRoad => ({ ...road, authorities: [cert] })

  test.each(['tls', 'starttls'] as const)(
    '%s: with a certificate that counts it is delivered, for the name of the gateway',
    async security => {
      const server = await startMail({ key, cert, secure: security === 'tls' })
      const gateway = { ...server.gateway('M', openly), security } as MailGateway
      expect(await sendMail(mail, { ...gateway, host: 'mail.test' }, secrets, trusting())).toMatchObject({
        name: 'delivered',
      })
      expect([server.taken.length, server.passwords]).toEqual([1, [password]])
      const others = [
        await sendMail(mail, { ...gateway, host: 'other.test' }, secrets, trusting()),
        await sendMail(mail, { ...gateway, host: 'mail.test' }, secrets, road),
      ]
      for (const outcome of others) expect(['unreachable', 'refused']).toContain(outcome.name)
      expect([server.taken.length, server.passwords.length]).toEqual([1, 1])
      await server.close()
    },
  )

  test('starttls that is not offered, and tls that is none: neither mail nor password goes out', async () => {
    const server = await startMail()
    for (const security of ['starttls', 'tls'] as const) {
      const gateway = { ...server.gateway('M', openly), security, host: 'mail.test' } as MailGateway
      const { name } = await sendMail(mail, gateway, secrets, trusting())
      expect(['unreachable', 'refused', 'timeout']).toContain(name)
    }
    expect([server.calls, server.passwords]).toEqual([0, []])
    await server.close()
  })
})

describe('what a mail is', () => {
  const sent = async (more: object) => {
    const server = await startMail()
    const outcome = await sendMail({ ...mail, ...more }, server.gateway('M', openly) as MailGateway, secrets, road)
    await server.close()
    return { outcome, mail: server.mails[0] ?? '', to: server.taken.map(one => one.to), calls: server.calls }
  }

  test('a page beside its words; nobody answers it by machine; nothing is fetched or read for it', async () => {
    const html = '<p>Code 123456 <img src="file:///etc/hostname"><img src="http://127.0.0.1:1/x"></p>'
    const { outcome, mail: made } = await sent({ html, text: 'Code 123456' })
    expect(outcome.name).toBe('delivered')
    expect(made).toMatch(/^Content-Type: multipart\/alternative/m)
    expect(made).toContain('file:///etc/hostname')
    expect(made).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(made).toMatch(/^From: Kestrel Bank <codes@kestrel.example>\r$/m)
  })

  test('no subject becomes a header of its own', async () => {
    const { mail: made } = await sent({ subject: 'Code\r\nBcc: eve@example.com\r\n\r\nbody' })
    expect(made).not.toMatch(/^Bcc:/m)
  })

  test('two addresses in one are not two', async () => {
    for (const to of ['a@b.example, eve@example.com', 'a@b.example>\r\nRCPT TO:<eve@example.com']) {
      const made = await sent({ to })
      expect(made.calls).toBeLessThanOrEqual(1)
      expect(made.to).not.toContain('eve@example.com')
    }
  })

  test('a wrong password is told as a refusal, and nothing more', async () => {
    const server = await startMail()
    const gateway = server.gateway('M', openly) as MailGateway
    const outcome = await sendMail(mail, gateway, new Map([['password', 'other']]), road)
    expect(outcome).toEqual({ name: 'refused', status: 535 })
    await server.close()
  })
})
