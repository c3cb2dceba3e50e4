/**
 * `countersign phone`: a simulated phone. It does by words what the approve app does by hand, through the same SDK and over the network:
 * registers by an invitation, answers requests, shows codes, scans. What it holds stands in the folder of --home, like one app.
 */
import type { Arguments, FreeCommand, Report, Surroundings } from '#cli/command.ts'
import { activateAccount } from '#cli/phone-activate.ts'
import { answerRequest, showPending } from '#cli/phone-answer.ts'
import { showChallenge, showOtp, showSignature } from '#cli/phone-codes.ts'
import { removeAccount, renameAccount, renewAccount } from '#cli/phone-device.ts'
import { openPhone, type Phone } from '#cli/phone-home.ts'
import { said } from '#cli/phone-refusal.ts'
import { signDirectly } from '#cli/phone-request.ts'
import { scanCode } from '#cli/phone-scan.ts'
import { Refusal } from '#domain/refusal.ts'

type Action = (phone: Phone, given: Arguments) => Promise<Report>

const actions: Readonly<Record<string, Action>> = {
  activate: activateAccount,
  pending: showPending,
  answer: answerRequest,
  otp: showOtp,
  challenge: showChallenge,
  sign: showSignature,
  scan: scanCode,
  request: signDirectly,
  rename: renameAccount,
  renew: renewAccount,
  remove: removeAccount,
}

export const phone: FreeCommand = {
  runs: 'anywhere',
  words: 'phone',
  summary: 'Is a simulated phone: activate FILE, pending, answer latest accept, otp, challenge DIGITS, …',
  takes: ['ACTION', 'VALUES…'],
  flags: [
    {
      name: 'home',
      value: 'DIR',
      sentence: 'Where this phone keeps what it holds; made when it is not there.',
      needed: true,
    },
    { name: 'account', value: 'USER', sentence: 'Which registration, when the phone holds several.' },
    { name: 'password', value: 'P', sentence: 'Of the registration, where the device type wants one.' },
    { name: 'number', value: 'NN', sentence: 'answer: the two digits that the asking page shows.' },
    { name: 'name', value: 'NAME', sentence: 'activate: how the phone is called in lists.' },
    { name: 'typed', sentence: 'activate: by --uid, --code and --service in place of a file.' },
    { name: 'uid', value: 'U', sentence: 'activate --typed: the user id of the invitation.' },
    { name: 'code', value: 'C', sentence: 'activate --typed: the invite code.' },
    { name: 'service', value: 'S', sentence: 'activate --typed: host[:port]/tenant.' },
    { name: 'tds', value: 'TEXT', sentence: 'request: what is signed.' },
    { name: 'template', value: 'ID', sentence: "request: a text of the service's own in place of --tds." },
    { name: 'value', value: 'NAME=VALUE', sentence: 'request --template: one for each name in it.', repeats: true },
    { name: 'purpose', value: 'logon|action', sentence: 'request: which key signs (action when nothing is said).' },
    { name: 'client', value: 'CLIENT_ID', sentence: 'request: for whom; else the client that provisioned the phone.' },
  ],

  run: (given, around) => said(() => act(given, around)),
}

async function act(given: Arguments, around: Surroundings): Promise<Report> {
  const [name = '', ...words] = given.words
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new Refusal('invalid_request', `A phone can: ${Object.keys(actions).join(', ')}.`)
  return action(await openPhone(String(given.flags.home), around.now_ms), { ...given, words })
}
