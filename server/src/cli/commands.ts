/** Every command of the terminal, in the order in which help shows them. */

import { auditErase } from '#cli/audit-erase.ts'
import { auditExport } from '#cli/audit-export.ts'
import { auditVerify } from '#cli/audit-verify.ts'
import { backup } from '#cli/backup.ts'
import { cardBridgeCommand } from '#cli/card-bridge.ts'
import type { Command } from '#cli/command.ts'
import { demo } from '#cli/demo.ts'
import { devicesImport } from '#cli/devices-import.ts'
import { doctor } from '#cli/doctor.ts'
import { fidoMetadataImport } from '#cli/fido-metadata-import.ts'
import { fidoMetadataStatus } from '#cli/fido-metadata-status.ts'
import { keysRotate } from '#cli/keys-rotate.ts'
import type { Office } from '#cli/office.ts'
import { phone } from '#cli/phone.ts'
import { restore } from '#cli/restore.ts'
import { serve } from '#cli/serve.ts'
import { settings } from '#cli/settings.ts'
import { tenantCallbacks } from '#cli/tenant-callbacks.ts'
import { tenantCreate } from '#cli/tenant-create.ts'
import { tenantErase } from '#cli/tenant-erase.ts'
import { tenantExport } from '#cli/tenant-export.ts'
import { tenantImport } from '#cli/tenant-import.ts'
import { tenantList } from '#cli/tenant-list.ts'
import { token } from '#cli/token.ts'
import { verify } from '#cli/verify.ts'
import { workflowCheck } from '#cli/workflow-check.ts'
import { workflowSimulate } from '#cli/workflow-simulate.ts'

export const commands: readonly Command<Office>[] = [
  demo,
  serve,
  token,
  phone,
  cardBridgeCommand,
  tenantCreate,
  tenantList,
  tenantCallbacks,
  tenantExport,
  tenantImport,
  tenantErase,
  devicesImport,
  workflowCheck,
  workflowSimulate,
  fidoMetadataImport,
  fidoMetadataStatus,
  keysRotate,
  backup,
  restore,
  verify,
  auditVerify,
  auditExport,
  auditErase,
  doctor,
  settings,
]
