/** Which SQLite this process would use: the built-in module when it is new enough, else the package with its own. */
import { openDatabase, sqliteModule } from '#storage/sqlite/open-database.ts'

export function sqliteVersion(): string {
  const database = openDatabase(':memory:')
  try {
    const row = database.prepare('select sqlite_version() as version').get() as { version: string }
    return `${row.version}, ${sqliteModule() === 'node:sqlite' ? 'built into Node.js' : 'of its own package'}`
  } finally {
    database.close()
  }
}
