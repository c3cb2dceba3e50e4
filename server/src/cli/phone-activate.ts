/** `phone activate`: by the PROV_MSG or `otpauth` text in a file, or by what an invitation tells people to type. */
import { readFileSync, statSync } from 'node:fs'
import type { Container } from '@countersign/sdk/container.ts'
import type { Arguments, Report } from '#cli/command.ts'
import { type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

const LARGEST_FILE = 16 * 1024

export async function activateAccount({ app }: Phone, given: Arguments): Promise<Report> {
  const { isOtpauth, readInvitation, typedInvitation } = await import('@countersign/sdk/invitation.ts')
  const name = typeof given.flags.name === 'string' ? given.flags.name : 'Simulated phone'
  const { password } = passwordIn(given)
  const text = given.flags.typed === true ? undefined : textOf(given.words[0])
  if (text !== undefined && isOtpauth(text)) return told(await app.enrolOffline(text, name))
  const invitation = text === undefined ? typedInvitation(typedIn(given)) : readInvitation(text)
  const enrolment = { name, platform: 'node', password: async () => password ?? '' }
  return told(await app.enrol(invitation, enrolment))
}

function typedIn({ flags }: Arguments) {
  const { uid, code, service } = flags
  if (typeof uid === 'string' && typeof code === 'string' && typeof service === 'string') return { uid, code, service }
  throw new Refusal('invalid_request', '--typed needs --uid U, --code C and --service HOST/TENANT.')
}

function textOf(path: string | undefined): string {
  if (path === undefined)
    throw new Refusal('invalid_request', 'Give the file with the invitation: phone activate FILE.')
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile()) throw new Refusal('not_found', `There is no file ${path}.`)
  if (facts.size > LARGEST_FILE) throw new Refusal('too_large', `${path} is larger than ${LARGEST_FILE} bytes.`)
  return readFileSync(path, 'utf8')
}

function told({ id, kind, user, service, serviceName, device, status, confirmationCode }: Container): Report {
  const where = service === '' ? serviceName : `${serviceName} (${service})`
  return {
    lines: [
      `This phone is registered for ${user} at ${where}.`,
      ...(confirmationCode === undefined
        ? []
        : [`It waits to be confirmed: compare ${confirmationCode} where the registration was started.`]),
    ],
    data: { id, kind, user, service, device, status, ...(confirmationCode ? { confirmation: confirmationCode } : {}) },
  }
}
