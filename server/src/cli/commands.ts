/** Every command of the terminal, in the order in which help shows them. */
import type { Command } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { demo } from '#cli/demo.ts'
import { serve } from '#cli/serve.ts'
import { tenantCreate } from '#cli/tenant-create.ts'
import { tenantList } from '#cli/tenant-list.ts'
import { token } from '#cli/token.ts'

export const commands: readonly Command<Office>[] = [demo, serve, token, tenantCreate, tenantList]
