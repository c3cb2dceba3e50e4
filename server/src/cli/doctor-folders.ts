/** Files and folders of an installation: who may read them, whether they can be written, where the master key stands. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, sep } from 'node:path'
import type { Diagnosis } from '#cli/doctor-diagnosis.ts'
import type { Settings } from '#settings/read.ts'

export function checkFolders(settings: Settings): readonly Diagnosis[] {
  return [...home(settings), ...masterKey(settings), ...checkpoints(settings), ...backups(settings)]
}

function home({ home: folder }: Settings): readonly Diagnosis[] {
  if (!existsSync(folder)) {
    return [{ level: 'hint', about: 'Home', sentence: `${folder} is not there yet; the first start makes it.` }]
  }
  if (!writable(folder)) {
    return [
      { level: 'fault', about: 'Home', sentence: `${folder} cannot be written. Let the server's user own it: chown.` },
    ]
  }
  return [privateTo(folder, 'Home', '700')]
}

function masterKey({ masterKey: source, backups: folder }: Settings): readonly Diagnosis[] {
  const about = 'Master key'
  if (source.from !== 'file') return [{ level: 'ok', about, sentence: `comes from the ${source.from}` }]
  if (!existsSync(source.path)) {
    return [{ level: 'hint', about, sentence: `${source.path} is not there; the first start of a new store makes it.` }]
  }
  const found = [privateTo(source.path, about, '600')]
  if (folder !== undefined && isInside(folder, source.path)) {
    found.push({
      level: 'fault',
      about,
      sentence: `${source.path} stands in the folder of backups. Move it: whoever gets a backup must not get its key.`,
    })
  }
  found.push({ level: 'hint', about, sentence: 'Keep a copy of it apart from the backups; nothing can bring it back.' })
  return found
}

function checkpoints({ checkpoints: places, home: folder }: Settings): readonly Diagnosis[] {
  const found = places.map((place): Diagnosis => {
    if (place.kind !== 'file')
      return { level: 'ok', about: 'Checkpoints', sentence: `go to ${new URL(place.url).host}` }
    const where = existsSync(place.path) ? place.path : dirname(place.path)
    if (existsSync(where) && !writable(where)) {
      return {
        level: 'fault',
        about: 'Checkpoints',
        sentence: `${place.path} cannot be written. Let the server's user own it.`,
      }
    }
    return { level: 'ok', about: 'Checkpoints', sentence: place.path }
  })
  if (places.every(place => place.kind === 'file' && isInside(folder, place.path))) {
    found.push({
      level: 'hint',
      about: 'Checkpoints',
      sentence: 'All stand beside the database. Send them elsewhere as well: COUNTERSIGN_CHECKPOINTS.',
    })
  }
  return found
}

function backups({ backups: folder }: Settings): readonly Diagnosis[] {
  if (folder === undefined) return []
  if (!existsSync(folder) || !writable(folder)) {
    return [
      { level: 'fault', about: 'Backups', sentence: `${folder} cannot be written. Make it: mkdir -m 700 ${folder}` },
    ]
  }
  return [privateTo(folder, 'Backups', '700')]
}

function privateTo(path: string, about: string, mode: '600' | '700'): Diagnosis {
  if ((statSync(path).mode & 0o077) === 0) return { level: 'ok', about, sentence: path }
  return { level: 'fault', about, sentence: `${path} can be read by others. Run: chmod ${mode} ${path}` }
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
