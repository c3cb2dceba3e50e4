/**
 * `countersign keys rotate`: the next key of a tenant that signs or seals, or the next key behind handles of the whole store.
 * Every server knows a new key before any uses it; --withdraw is for a signing key in wrong hands. See docs/operate/keys.md.
 */
import type { Arguments, OfficeCommand, Report } from '#cli/command.ts'
import { type Foundations, type Office, tenantOf } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'

const ROTATED = ['signing', 'sealing', 'id-token', 'approve-working'] as const

const isRotated = (word: string): word is (typeof ROTATED)[number] => ROTATED.some(one => one === word)

export const keysRotate: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'keys rotate',
  summary: 'Makes the next key of a tenant (signing, sealing …), or of all handles.',
  takes: ['signing|sealing|id-token|approve-working?'],
  flags: [
    { name: 'tenant', value: 'NAME', sentence: 'Whose key; signing when nothing else is said.' },
    { name: 'handles', sentence: 'The key behind tokens and other handles, for all tenants.' },
    { name: 'withdraw', sentence: 'Ends the older signing keys at once: what they signed no longer verifies.' },
  ],

  async run(given, office) {
    const { foundations } = office
    if (given.flags.handles === true) return handles(given, foundations)
    const [which = 'signing'] = given.words
    if (!isRotated(which)) throw new Refusal('invalid_value', `Which key? ${ROTATED.join(', ')}.`)
    if (given.flags.tenant === undefined)
      throw new Refusal('invalid_value', 'Whose key? Say --tenant NAME, or --handles.')
    const tenant = await tenantOf(given, office)
    if (which === 'sealing') {
      const number = await foundations.keyRing.rotate(tenant.number)
      return {
        lines: [`Key ${number} of ${tenant.name} seals new secrets from a minute on; old ones still open.`],
        data: { tenant: tenant.name, key: 'sealing', number },
      }
    }
    const withdraw = given.flags.withdraw === true
    if (which !== 'signing') {
      if (withdraw) throw new Refusal('invalid_value', 'Only signing keys can be withdrawn.')
      const kid = await foundations.ecKeys.rotate(tenant.number, which)
      return {
        lines: [`Key ${kid} of ${tenant.name} is published now and signs from a minute on.`],
        data: { tenant: tenant.name, key: which, kid },
      }
    }
    const kid = await foundations.signingKeys.rotate(tenant.number, { withdraw })
    const when = withdraw
      ? 'signs at once; all older keys are withdrawn'
      : 'is published now and signs from a minute on'
    return {
      lines: [`Key ${kid} of ${tenant.name} ${when}.`],
      data: { tenant: tenant.name, key: 'signing', kid, withdraw },
    }
  },
}

async function handles({ flags, words }: Arguments, { handleKeys }: Foundations): Promise<Report> {
  if (flags.tenant !== undefined || words.length > 0) {
    throw new Refusal('invalid_value', 'The key behind handles belongs to all tenants: say --handles alone.')
  }
  await handleKeys.rotate()
  return {
    lines: ['A new key makes handles from a minute on. Those made before stay valid until the next rotation.'],
    data: { key: 'handles' },
  }
}
