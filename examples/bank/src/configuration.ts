/**
 * What the bank must know: where the server is, who it is there, where the approve app is, who its customers are. From BANK_…
 * variables, or from the `demo.json` of a demo whose path is the first argument: `node examples/bank/dist/main.js .countersign/demo.json`.
 */
import { readFileSync } from 'node:fs'

export interface Configuration {
  readonly port: number
  /** As OpenID discovery names it: `http://localhost:8080/demo/authn`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly approveUrl: string
  readonly customers: readonly Customer[]
  /** How people may sign in; none where the bank was told of none. */
  readonly ways: readonly Way[]
}

/** A client of the server by which people sign in: which one decides what they are asked. */
export interface Way {
  /** In addresses. */
  readonly id: string
  readonly title: string
  readonly about: string
  readonly clientId: string
  readonly clientSecret: string
  /** `code id_token` by form_post, instead of `code` by a redirect. */
  readonly formPost: boolean
}

export interface Customer {
  /** What the server knows the customer by. */
  readonly id: string
  readonly name: string
}

export function readConfiguration(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const given = argv[0] === undefined ? {} : fromDemo(argv[0])
  const need = (name: string) => {
    const value = environment[name] || given[name]
    if (!value) throw new Error(`${name} is not set. Set it, or give the path of a demo.json.`)
    return value
  }
  const port = Number(environment.BANK_PORT ?? '8082')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('BANK_PORT is no port.')
  return {
    port,
    issuer: need('BANK_ISSUER'),
    clientId: need('BANK_CLIENT_ID'),
    clientSecret: need('BANK_CLIENT_SECRET'),
    approveUrl: new URL(need('BANK_APPROVE_URL')).origin,
    customers: need('BANK_CUSTOMERS').split(',').map(customerOf),
    ways: (JSON.parse(environment.BANK_WAYS || given.BANK_WAYS || '[]') as readonly DemoWay[]).map(wayOf),
  }
}

interface DemoWay {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly client_id: string
  readonly client_secret: string
  readonly form_post?: boolean
}

const wayOf = ({ id, title, about, client_id, client_secret, form_post = false }: DemoWay): Way => ({
  ...{ id, title, about, clientId: client_id, clientSecret: client_secret },
  formPost: form_post,
})

interface Demo {
  readonly base: string
  readonly tenant: string
  readonly approve?: string
  readonly bank_client: { readonly client_id: string; readonly client_secret: string }
  readonly users: readonly { readonly externalId: string }[]
  readonly sign_ins?: { readonly ways: readonly DemoWay[] }
}

function fromDemo(path: string): Record<string, string> {
  const { base, tenant, approve = '', bank_client, users, sign_ins } = JSON.parse(readFileSync(path, 'utf8')) as Demo
  return {
    BANK_ISSUER: `${base}/${tenant}/authn`,
    BANK_CLIENT_ID: bank_client.client_id,
    BANK_CLIENT_SECRET: bank_client.client_secret,
    BANK_APPROVE_URL: approve,
    BANK_WAYS: JSON.stringify(sign_ins?.ways ?? []),
    BANK_CUSTOMERS: users.map(({ externalId }) => externalId).join(','),
  }
}

/** The bank of the demo knows its customers by mail addresses. */
export function customerOf(id: string): Customer {
  const [first = ''] = id.split('@')
  return { id, name: first.charAt(0).toUpperCase() + first.slice(1) }
}
