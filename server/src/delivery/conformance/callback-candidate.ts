/** Callbacks to clients, for the conformance suite. */
import assert from 'node:assert/strict'
import type { Candidate } from '#delivery/conformance/candidate.ts'

const BEARER = 'bearer-of-the-client-8f2b'

export const callbackCandidate: Candidate = {
  name: 'callback',
  subscribed: false,
  secrets: [BEARER, 'planted'],
  parcelOf: (url, text) => ({
    kind: 'callback',
    url,
    bearer: BEARER,
    body: JSON.stringify({ text }),
    registered: true,
  }),
  open({ headers, body }) {
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers.authorization, `Bearer ${BEARER}`)
    assert.equal(headers['content-length'], String(body.length))
    return (JSON.parse(body.toString()) as { text: string }).text
  },
}
