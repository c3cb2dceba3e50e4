/**
 * Every bound of the carrier, as data: the number and the sentence that says why. Docs print this table.
 * A request beyond a bound is refused before the work it would cause; nothing grows with what a stranger sends.
 * Surprise: the body bounds here are defaults; an endpoint's `maxBytes` replaces the total, never the other bounds.
 */
interface Limit {
  readonly value: number
  readonly why: string
}

export const limits = {
  header_bytes: { value: 16_384, why: 'Request line and headers together; Node answers 431 beyond it.' },
  headers: { value: 64, why: 'Header lines of one request; no client of this API sends half as many.' },
  path_parameter_characters: { value: 256, why: 'One path parameter; the longest id of ours has far fewer.' },
  tenant_name_characters: { value: 64, why: 'A tenant name; longer names are unknown without being looked up.' },
  bearer_characters: { value: 4096, why: 'An access token in the Authorization header; ours have 40 characters.' },
  correlation_characters: { value: 64, why: 'X-Correlation-ID; it is written to logs and to the audit trail.' },
  forwarded_characters: { value: 1024, why: 'X-Forwarded-For; a longer header is not read at all.' },
  forwarded_hops: { value: 16, why: 'Addresses in X-Forwarded-For; more proxies than that are not believed.' },
  form_bytes: { value: 65_536, why: 'A form body, and the query string of any request.' },
  form_pairs: { value: 64, why: 'Parameters of one form or query string.' },
  form_name_bytes: { value: 64, why: 'The name of one parameter.' },
  form_value_bytes: { value: 8192, why: 'The value of one parameter; a signed client assertion fits.' },
  json_bytes: { value: 262_144, why: 'A JSON body.' },
  json_depth: { value: 16, why: 'Objects and arrays inside one another in a JSON body.' },
  json_items: { value: 1000, why: 'Elements of one array, and members of one object.' },
  json_string_characters: { value: 65_536, why: 'One text in a JSON body, escapes counted as written.' },
  discarded_bytes: {
    value: 1_048_576,
    why: 'Bytes of a refused body read on so that the refusal arrives; then we hang up.',
  },
  headers_timeout_ms: { value: 10_000, why: 'From the first byte of a request until its headers are complete.' },
  request_timeout_ms: { value: 30_000, why: 'From the first byte of a request until its body is complete.' },
  keep_alive_timeout_ms: { value: 65_000, why: 'An idle connection; longer than the usual 60 s of load balancers.' },
  connections_check_ms: { value: 5000, why: 'How often Node looks for connections beyond the timeouts above.' },
  drain_ms: { value: 10_000, why: 'On shutdown, for requests under way; then their connections are cut.' },
} as const satisfies Record<string, Limit>
