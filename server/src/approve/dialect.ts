/**
 * How the approve door says no: `{"error","error_description","server_time"}`, and with a counter that was used before the floor
 * to go on from (docs/approve-protocol.md section 6). The time is in every refusal, so that an app with a wrong clock can mend itself.
 */
import type { Clock } from '#domain/ports/clock.ts'
import { refusals } from '#domain/refusal.ts'
import type { Dialect } from '#http/dialect.ts'

export const approveDialect = (clock: Clock): Dialect => {
  const server_time = () => Math.floor(clock.now() / 1000)
  return {
    refuse: refusal => ({
      status: refusals[refusal.code][0],
      body: {
        error: refusal.code,
        error_description: refusal.hint,
        server_time: server_time(),
        ...(refusal.counterFloor === undefined ? {} : { counter_floor: refusal.counterFloor }),
      },
    }),
    // Without the time: it may be the clock that broke.
    fault: correlation => ({
      status: 500,
      body: {
        error: 'server_error',
        error_description: `Something broke here; the log has it under ${correlation}.`,
      },
    }),
  }
}
