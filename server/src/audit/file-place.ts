/**
 * Checkpoints in a file: one JSON line each, appended and synced before the store notes them as sent. Mode 0600; whoever
 * ships the machine's logs can ship this file too. A line that a crash cut short is ended before the next one is added.
 */
import { open } from 'node:fs/promises'
import type { CheckpointPlace } from '#audit/checkpoint-place.ts'

export function filePlace(path: string): CheckpointPlace {
  return {
    name: `file:${path}`,
    async publish(lines) {
      const file = await open(path, 'a+', 0o600)
      try {
        const { size } = await file.stat()
        const last = Buffer.alloc(1)
        if (size > 0) await file.read(last, 0, 1, size - 1)
        const text = lines.map(line => `${line}\n`).join('')
        await file.appendFile(size > 0 && last[0] !== 0x0a ? `\n${text}` : text)
        await file.datasync()
      } finally {
        await file.close()
      }
    },
  }
}
