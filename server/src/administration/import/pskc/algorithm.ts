/**
 * A PSKC key's algorithm profile by its URI: `urn:ietf:params:xml:ns:keyprov:pskc:hotp` (RFC 6030 section 10.1) and,
 * from the companion draft of further profiles, `:totp` and `:ocra`. Drafts before the RFC wrote `#hotp`; files of both
 * kinds are about. OCRA's suite stands in AlgorithmParameters/Suite or in the URI itself
 * (`…pskc:OCRA-1:HOTP-SHA1-6:QN08`).
 */

import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { wholeNumber } from '#administration/import/cell-reading.ts'
import type { Element } from '#administration/import/pskc/element.ts'
import { find, PSKC } from '#administration/import/pskc/names.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import type { TokenRecord } from '#administration/import/token-record.ts'

type Terms = Pick<TokenRecord, 'algorithm' | 'hash' | 'digits' | 'suite'> & { readonly suiteStep_seconds?: number }

const prefix = /^(?:urn:ietf:params:xml:ns:keyprov:pskc[:#]|http:\/\/www\.ietf\.org\/keyprov\/pskc#)/i

/** True for a PIN that guards another key (RFC 6030 section 10.2): no token, so no device. */
export function isPin(key: Element): boolean {
  return nameOf(key).toLowerCase() === 'pin'
}

function nameOf(key: Element): string {
  const uri = key.attributes.get('Algorithm') ?? ''
  return prefix.test(uri) ? uri.replace(prefix, '') : ''
}

export function readAlgorithm(key: Element): Terms {
  const name = nameOf(key)
  const parameters = find(key, PSKC, 'AlgorithmParameters')
  const suite = find(parameters, PSKC, 'Suite')?.text
  if (/^ocra$/i.test(name) || /^OCRA-1:/i.test(name)) return ocra(/:/.test(name) ? name : suite, parameters)
  if (/^hotp$/i.test(name) || /^totp$/i.test(name)) {
    const algorithm = name.toUpperCase() as 'HOTP' | 'TOTP'
    return { algorithm, hash: hashOf(suite), digits: digitsOf(parameters) ?? missingDigits() }
  }
  if (/activ(?:id|identity|card)/i.test(key.attributes.get('Algorithm') ?? '')) {
    throw new RowProblem('Algorithm', 'algorithm_absent', 'The algorithm is proprietary and unpublished.')
  }
  throw new RowProblem('Algorithm', 'algorithm_unknown', 'The algorithm must be HOTP, TOTP or OCRA.')
}

function ocra(suite: string | undefined, parameters: Element | undefined): Terms {
  const terms = suite === undefined ? undefined : parseSuite(suite)
  if (suite === undefined || !terms) {
    throw new RowProblem('AlgorithmParameters/Suite', 'suite', 'An OCRA key needs its suite (RFC 6287 section 6).')
  }
  const { hash, digits, step_seconds } = terms
  const told = digitsOf(parameters)
  if (told !== undefined && told !== digits) {
    throw new RowProblem('AlgorithmParameters', 'suite_differs', 'The response length differs from the suite.')
  }
  return { algorithm: 'OCRA', hash, digits, suite, ...(step_seconds && { suiteStep_seconds: step_seconds }) }
}

function hashOf(suite: string | undefined): TokenRecord['hash'] {
  if (suite === undefined || suite === '') return 'SHA1'
  const found = /^(?:HMAC-?|HOTP-?)?SHA-?(1|256|512)$/i.exec(suite)
  if (found) return `SHA${found[1]}` as TokenRecord['hash']
  throw new RowProblem('AlgorithmParameters/Suite', 'hash', 'The hash must be HMAC-SHA1, HMAC-SHA256 or HMAC-SHA512.')
}

function digitsOf(parameters: Element | undefined): number | undefined {
  const format = find(parameters, PSKC, 'ResponseFormat')
  if (!format) return undefined
  const where = 'AlgorithmParameters/ResponseFormat'
  if ((format.attributes.get('Encoding') ?? 'DECIMAL') !== 'DECIMAL') {
    throw new RowProblem(where, 'response_format', 'The response must be encoded as DECIMAL.')
  }
  if (/^(true|1)$/.test(format.attributes.get('CheckDigits') ?? '')) {
    throw new RowProblem(where, 'response_format', 'Check digits are not offered.')
  }
  return wholeNumber(format.attributes.get('Length') ?? '') ?? missingDigits()
}

function missingDigits(): never {
  throw new RowProblem('AlgorithmParameters/ResponseFormat', 'digits_missing', 'The length of the response is missing.')
}
