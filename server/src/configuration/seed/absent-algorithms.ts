/**
 * Device types of the reference that run its maker's own algorithms (endings AT, AI, AE; older tokens and cards). Those are
 * unpublished, so no independent server can check their codes: the types are not there, and whoever names one is told why
 * (`algorithm_absent`). The reference publishes no code of a credential type that goes with them.
 * The list with its reasons for people: docs/standards/absent-algorithms.md.
 */
import type { Absence } from '#domain/configuration.ts'

const absent = (code: string, name: string, algorithm: string): Absence => ({ code, name, algorithm })

export const absentDeviceTypes: readonly Absence[] = [
  absent('DT_POCK_AT', 'Pocket Token', 'ActivID time'),
  absent('DT_AD_AT', 'ActivKey Display', 'ActivID time'),
  absent('DT_FXT_AI', 'Flexi Token', 'ActivID'),
  absent('DT_KEY_AT', 'Keychain Token V2', 'ActivID time'),
  absent('DT_MIN_AE', 'Mini Token', 'ActivID event'),
  absent('DT_MIN_AEP', 'Mini Token with soft PIN', 'ActivID event'),
  absent('DT_MIN_AT', 'Mini Token', 'ActivID time'),
  absent('DT_MIN_ATP', 'Mini Token with soft PIN', 'ActivID time'),
  absent('DT_TK1V2', 'Token One V2', 'ActivID'),
  absent('DT_DESKTOP', 'Desktop Token', 'ActivID'),
  absent('DT_SMTCARD', 'Java Cards', 'of the card, not published'),
  absent('DT_JCARD', 'Java Card OTP', 'of the card, not published'),
]

export const absentCredentialTypes: readonly Absence[] = []
