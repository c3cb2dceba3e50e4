/**
 * Every way we know to claim an attestation that one does not have, by format. Each is as good as an attacker can make it who holds a
 * certification authority of his own, keys of other models, and all published certificates, but no key of the model's maker.
 */
import { der } from '#keys/der.ts'
import { type Attester, none, packedBy, packedSelf, u2fBy } from './attesters.ts'
import { type Attest, type Attestable, sha256, signBy } from './authenticator.ts'
import { joined, Pairs } from './cbor.ts'
import { aaguidExtension, attester, extension, type Holder, issue, makeRoot } from './certificates.ts'

export interface Maker {
  /** Everybody can download these three. */
  readonly root: Holder
  readonly intermediate: Holder
  readonly leaf: Holder
  /** A leaf of the same maker for another model; its key is in an attacker's hands. */
  readonly otherModel: Holder
}

export function makeMaker(aaguid: string, otherAaguid: string): Maker {
  const root = makeRoot()
  const subject = { C: 'SE', O: 'Kestrel', CN: 'Kestrel Intermediate' }
  const intermediate = issue(root, { subject, isAuthority: true, pathLength: 0 })
  const leaf = issue(intermediate, { extensions: [aaguidExtension(aaguid)] })
  const otherModel = issue(intermediate, { extensions: [aaguidExtension(otherAaguid)] })
  return { root, intermediate, leaf, otherModel }
}

/** Names of forgeries, and what makes their statements for the model. */
export function forgeries(
  aaguid: string,
  { root, intermediate, leaf, otherModel }: Maker,
): readonly [string, Attest][] {
  const extensions = [aaguidExtension(aaguid)]
  const twin = makeRoot({ subject: root.subject })
  const twinLeaf = issue(twin, { extensions })
  const selfSigned = issue(undefined, { extensions })
  const underLeaf = issue(otherModel, { extensions })
  const chains: Readonly<Record<string, Attester>> = {
    'self-signed': attester(selfSigned),
    'self-signed with the name of the root': attester(issue(undefined, { subject: root.subject, extensions })),
    'own root of the same name': attester(twinLeaf, twin),
    'own root, the genuine one behind it': attester(twinLeaf, twin, root),
    'own root left out': attester(twinLeaf),
    'the genuine root shown twice': attester(twinLeaf, root, root),
    'a genuine chain behind a leaf of its own': attester(selfSigned, leaf, intermediate, root),
    'issued by a leaf that is no authority': attester(underLeaf, otherModel, intermediate),
    'the genuine leaf without its key': { ...attester(twinLeaf), chain: attester(leaf, intermediate).chain },
    'the key of another model of the maker': attester(otherModel, intermediate),
  }
  const made: [string, Attest][] = [
    ['none', none],
    ['none with a statement', facts => ({ ...packedSelf(facts), format: 'none' })],
    ['packed self', packedSelf],
    ['packed, x5c empty', facts => withChain(packedSelf(facts), [])],
    ['packed self with the genuine chain beside it', facts => withChain(packedSelf(facts), [leaf.certificate])],
  ]
  for (const [name, chain] of Object.entries(chains)) {
    made.push([`packed, ${name}`, packedBy(chain)], [`fido-u2f, ${name}`, u2fBy(chain)], [`tpm, ${name}`, tpmBy(chain)])
  }
  for (const [name, issuer] of [
    ['own root', twin],
    ['no authority', otherModel],
  ] as const) {
    made.push([`apple, ${name}`, appleBy(issuer)], [`android-key, ${name}`, androidBy(issuer)])
  }
  for (const format of ['android-safetynet', 'compound', 'PACKED', '']) {
    made.push([`format "${format}"`, facts => ({ ...packedBy(attester(twinLeaf, twin))(facts), format })])
  }
  return made
}

function withChain({ format, statement }: ReturnType<Attest>, chain: readonly Uint8Array[]): ReturnType<Attest> {
  return { format, statement: new Pairs(...statement.pairs, ['x5c', chain]) }
}

/** Section 8.3, as far as a software can go: no chip certifies a key that it does not hold. */
function tpmBy({ privateKey, chain }: Attester): Attest {
  return facts => ({
    format: 'tpm',
    statement: new Pairs(
      ['ver', '2.0'],
      ['alg', -7],
      ['x5c', chain],
      ['sig', signBy(privateKey, 'ES256', signedBytes(facts))],
      ['certInfo', new Uint8Array(Buffer.from('ff54434780170000', 'hex'))],
      ['pubArea', new Uint8Array(32)],
    ),
  })
}

/** Section 8.8: a certificate over the passkey's own key, with the nonce in it. */
export function appleBy(issuer: Holder): Attest {
  return facts => {
    const nonce = der.sequence(der.explicit(1, der.octets(sha256(signedBytes(facts)))))
    const leaf = issue(issuer, { keys: facts, extensions: [extension('1.2.840.113635.100.8.2', nonce)] })
    return { format: 'apple', statement: new Pairs(['x5c', attester(leaf, issuer).chain]) }
  }
}

export interface KeyDescription {
  readonly challenge?: Uint8Array
  readonly purposes?: readonly number[]
  readonly origin?: number
  readonly allApplications?: boolean
}

/** Section 8.4: a certificate over the passkey's own key, with its description in it. */
export function androidBy(issuer: Holder, description: KeyDescription = {}, showIssuer = true): Attest {
  return facts => {
    const { challenge = facts.clientDataHash, purposes = [2], origin = 0, allApplications = false } = description
    const trusted = der.sequence(
      der.explicit(1, der.set(...purposes.map(der.integer))),
      ...(allApplications ? [der.sequence()].map(() => wide(600, der.nothing())) : []),
      wide(702, der.integer(origin)),
    )
    const level = Uint8Array.of(0x0a, 1, 1)
    const text = der.sequence(
      ...[der.integer(300), level, der.integer(300), level],
      ...[der.octets(challenge), der.octets(new Uint8Array()), der.sequence(), trusted],
    )
    const leaf = issue(issuer, { keys: facts, extensions: [extension('1.3.6.1.4.1.11129.2.1.17', text)] })
    const { chain } = showIssuer ? attester(leaf, issuer) : attester(leaf)
    const signature = signBy(facts.privateKey, facts.algorithm, signedBytes(facts))
    return { format: 'android-key', statement: new Pairs(['alg', -7], ['sig', signature], ['x5c', chain]) }
  }
}

/** A context-specific tag of two more bytes. */
function wide(tag: number, content: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(0xbf, 0x80 | (tag >> 7), tag & 0x7f, content.length), content)
}

const signedBytes = ({ authenticatorData, clientDataHash }: Attestable) => joined(authenticatorData, clientDataHash)
