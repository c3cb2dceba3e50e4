/** A mail server on loopback (smtp-server) that asks for a password and keeps the mails it took. */
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { sealedSecrets } from '#administration/message-gateway-rules.ts'
import type { MessageCandidate, Mood, Provider, Taken } from '#delivery/conformance/message-world.ts'
import type { MailGateway } from '#domain/gateway.ts'

const PASSWORD = 'pa55-of-the-mail-server "\\'

export interface MailProvider extends Provider {
  /** As they came. */
  readonly mails: readonly string[]
  /** Lines of clients before any TLS. */
  readonly passwords: readonly string[]
}

export async function startMail(more: SMTPServerOptions = {}): Promise<MailProvider> {
  const mails: string[] = []
  const taken: Taken[] = []
  const passwords: string[] = []
  const provider: { mood: Mood; calls: number } = { mood: 'take', calls: 0 }
  const say = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: more.key === undefined ? ['STARTTLS'] : [],
    ...more,
    onAuth({ username, password }, _, done) {
      passwords.push(password ?? '')
      if (username === 'countersign' && password === PASSWORD) done(null, { user: username })
      else done(say(535, 'no'))
    },
    onRcptTo(_, __, done) {
      provider.calls += 1
      if (provider.mood === 'busy') return done(say(451, 'planted: later'))
      if (provider.mood === 'never') return done(say(550, 'planted: no such mailbox'))
      return done()
    },
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (provider.mood === 'mute') return
        const mail = Buffer.concat(parts).toString('utf8')
        mails.push(mail)
        taken.push({ to: envelope.rcptTo[0]?.address ?? '', ...read(mail) })
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', () => listening()))
  const { port } = server.server.address() as AddressInfo
  return {
    ...{ mails, taken, passwords },
    get calls() {
      return provider.calls
    },
    get mood() {
      return provider.mood
    },
    set mood(mood) {
      provider.mood = mood
    },
    gateway: (code, sealer, { priority = 1, enabled = true } = {}): MailGateway => ({
      ...{ code, name: code, enabled, priority, host: '127.0.0.1', port, security: 'none', user: 'countersign' },
      from: 'Kestrel Bank <codes@kestrel.example>',
      secrets: sealedSecrets(sealer, 'mailGateways', code, { password: PASSWORD }),
    }),
    close: () => new Promise<void>(closed => server.close(() => closed())),
  }
}

/** Subject and plain text of a mail of ours: one part, or the first of two. */
function read(mail: string): Pick<Taken, 'text' | 'subject'> {
  const [head = '', ...rest] = mail.split('\r\n\r\n')
  const boundary = /boundary="([^"]+)"/i.exec(head)?.[1]
  const part =
    boundary === undefined ? mail : (rest.join('\r\n\r\n').split(`--${boundary}`)[1] ?? '').replace(/^\r\n/, '')
  const [about = '', ...body] = part.split('\r\n\r\n')
  const raw = body.join('\r\n\r\n').replace(/\r\n$/, '')
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(about)?.[1]?.toLowerCase()
  const text =
    encoding === 'base64'
      ? Buffer.from(raw, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? quoted(raw)
        : raw
  const subject = decoded(/^subject: ((?:.*\r\n[ \t])*.*)$/im.exec(head)?.[1] ?? '')
  return { text: text.replace(/\r\n/g, '\n'), ...(subject === '' ? {} : { subject }) }
}

const quoted = (text: string) =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** RFC 2047. */
const decoded = (text: string) =>
  text
    .replace(/\?=\r\n[ \t]=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, word: string) => Buffer.from(word, 'base64').toString('utf8'))
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, word: string) => quoted(word.replaceAll('_', ' ')))

export const mailCandidate: MessageCandidate = {
  name: 'mail',
  method: 'email',
  to: 'otto@example.com',
  start: () => startMail(),
  inside: gateway => ({ ...gateway, host: '10.1.2.3' }) as MailGateway,
  secrets: [PASSWORD],
}
