/**
 * A PSKC file (RFC 6030, Version 1.x) as token records. The key packages of one serial number are one token, wherever
 * they stand in the file (figure 10 spreads them); its keys count up as slots 1, 2 … PIN keys guard others and are
 * passed over. A key that cannot be used becomes a Problem; a file that cannot be read is refused as a whole.
 */
import { setImmediate as letOthersRun } from 'node:timers/promises'
import { isPin } from '#administration/import/pskc/algorithm.ts'
import { cutContainer } from '#administration/import/pskc/cut-container.ts'
import { type Element, readElement } from '#administration/import/pskc/element.ts'
import { childrenOf, find, PSKC } from '#administration/import/pskc/names.ts'
import { type Opening, type OpenValue, openValues } from '#administration/import/pskc/open-values.ts'
import { readKey } from '#administration/import/pskc/read-key.ts'
import { xmlText } from '#administration/import/pskc/xml-text.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import type { ImportReport, Problem, TokenRecord } from '#administration/import/token-record.ts'
import { Refusal } from '#domain/refusal.ts'

export const MAX_KEYS = 20_000
const PACKAGES_AT_ONCE = 4

export async function readPskc(content: Uint8Array, opening: Opening): Promise<ImportReport> {
  const { head, packages } = cutContainer(xmlText(content))
  const container = readElement(head)
  if (container.name !== 'KeyContainer' || container.namespace !== PSKC) {
    throw new Refusal('invalid_request', 'The root element must be the KeyContainer of RFC 6030.')
  }
  if (!/^1\.[0-9]{1,2}$/.test(container.attributes.get('Version') ?? '')) {
    throw new Refusal('unsupported_value', 'The version of the KeyContainer must be 1.0 or 1.1.')
  }
  const keys = new KeyRows(await openValues(container, opening))
  let count = 0
  for (const piece of packages) {
    for (const keyPackage of childrenOf(readElement(piece), PSKC, 'KeyPackage')) keys.add(keyPackage)
    count += 1
    if (count % PACKAGES_AT_ONCE === 0) await letOthersRun()
  }
  return keys.report()
}

/** Collects the keys of one file and counts rows and slots. */
class KeyRows {
  readonly #open: OpenValue
  readonly #records: TokenRecord[] = []
  readonly #problems: Problem[] = []
  readonly #slots = new Map<string, number>()
  readonly #seen = new Set<string>()
  #rows = 0

  constructor(open: OpenValue) {
    this.#open = open
  }

  add(keyPackage: Element): void {
    const device = find(keyPackage, PSKC, 'DeviceInfo')
    for (const key of childrenOf(keyPackage, PSKC, 'Key')) {
      this.#rows += 1
      if (this.#rows > MAX_KEYS) throw new Refusal('too_large', `The file has more than ${MAX_KEYS} keys.`)
      if (!isPin(key)) this.#addKey(key, device)
    }
  }

  #addKey(key: Element, device: Element | undefined): void {
    const row = this.#rows
    const id = key.attributes.get('Id') ?? ''
    const serial = find(device, PSKC, 'SerialNo')?.text || id
    const slot = (this.#slots.get(serial) ?? 0) + 1
    this.#slots.set(serial, slot)
    try {
      if (id !== '' && this.#seen.has(`${serial}\n${id}`)) {
        throw new RowProblem('Key', 'duplicate', 'The same key of the same device stands in the file twice.')
      }
      this.#seen.add(`${serial}\n${id}`)
      this.#records.push(readKey(key, { row, serial, slot, device }, this.#open))
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error
      this.#problems.push(error.at(row))
    }
  }

  report(): ImportReport {
    if (this.#rows === 0) throw new Refusal('invalid_value', 'The file has no key.')
    return { records: this.#records, problems: this.#problems }
  }
}
