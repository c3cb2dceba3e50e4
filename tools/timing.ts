/**
 * `npm run timing`: whether the time of an answer tells if a user exists. Asks a demo server of its own about users it knows
 * and users it does not, in random order, and compares medians with the noise. The work is compared exactly in the
 * tests; this looks at the clock as an attacker would, so it needs a quiet machine and is no part of `npm test`.
 * `--samples N` takes another number than 2,000 of each.
 */
import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'
import { type DemoFile, startDemo } from './demo-server.ts'
import { type Difference, medianDifference } from './median-difference.ts'

interface Question {
  readonly username: string
  readonly password: string
  readonly authType: string
}

interface Case {
  readonly name: string
  readonly known: Question
  readonly unknown: Question
  /** Asked after each known one, unmeasured: a success, so that failures do not lock the user. */
  readonly reset?: Question
}

interface Reply {
  readonly took_us: number
  readonly text: string
}

const { samples: wanted } = parseArgs({ options: { samples: { type: 'string', default: '2000' } } }).values
const samples = Number(wanted)
if (!Number.isInteger(samples) || samples < 20 || samples > 100_000)
  throw new Error('--samples is a number from 20 to 100000.')

const WARM_UP = 50
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function casesOf({ users, try: own }: DemoFile): readonly Case[] {
  const holder = users.find(({ externalId }) => externalId === own.user)
  const other = users.find(({ externalId }) => externalId !== own.user)
  if (!holder || !other) throw new Error('The demo has no two users.')
  const stranger = 'nobody@demo.example'
  const password = { password: 'Wrong-guess-0000', authType: 'AT_STDPWD' }
  const code = { password: '000000', authType: 'AT_OTP' }
  return [
    {
      name: 'password, user in good standing',
      known: { username: holder.externalId, ...password },
      unknown: { username: stranger, ...password },
      reset: { username: holder.externalId, password: holder.password, authType: 'AT_STDPWD' },
    },
    {
      name: 'password, user locked',
      known: { username: other.externalId, ...password },
      unknown: { username: stranger, ...password },
    },
    {
      name: 'one-time code, holder of a token, locked',
      known: { username: holder.externalId, ...code },
      unknown: { username: stranger, ...code },
    },
    {
      name: 'one-time code, user without a token',
      known: { username: other.externalId, ...code },
      unknown: { username: stranger, ...code },
    },
  ]
}

function ask({ base, tenant, client }: DemoFile, question: Question): Promise<Reply> {
  const body = new URLSearchParams({ grant_type: 'password', noToken: '1', ...client, ...question }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const sent = request(`${base}/${tenant}/authn/token`, { method: 'POST', agent, headers }, answer => {
      let text = String(answer.statusCode)
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => resolve({ took_us: Number(process.hrtime.bigint() - started) / 1000, text }))
    })
    sent.on('error', reject).end(body)
  })
}

async function measure(
  demo: DemoFile,
  { name, known, unknown, reset }: Case,
): Promise<Difference & { name: string; same: boolean }> {
  const times: [number[], number[]] = [[], []]
  const texts = new Set<string>()
  for (let round = -WARM_UP; round < samples; round++) {
    const order = Math.random() < 0.5 ? [0, 1] : [1, 0]
    for (const which of order) {
      const { took_us, text } = await ask(demo, which === 0 ? known : unknown)
      if (round >= 0) {
        times[which as 0 | 1].push(took_us)
        texts.add(text)
      }
      // After either, so that what came before a question does not tell which it was.
      if (reset) await ask(demo, reset)
    }
  }
  return { name, same: texts.size === 1, ...medianDifference(...times) }
}

const { demo, stop } = await startDemo()
try {
  const inMs = (value: number) => (value / 1000).toFixed(3).padStart(9)
  console.log(`${samples} samples each; times in milliseconds\n`)
  console.log(`${'case'.padEnd(44)}    known   unknown  difference  noise 99 %  verdict`)
  for (const one of casesOf(demo)) {
    const { name, median, difference, noise, seen, same } = await measure(demo, one)
    const verdict = [seen ? 'DIFFERS' : 'no difference seen', ...(same ? [] : ['ANSWERS DIFFER'])].join(', ')
    console.log(
      `${name.padEnd(44)}${inMs(median[0])} ${inMs(median[1])}  ${inMs(difference)}   ${inMs(noise)}  ${verdict}`,
    )
    if (seen || !same) process.exitCode = 1
  }
} finally {
  agent.destroy()
  await stop()
}
