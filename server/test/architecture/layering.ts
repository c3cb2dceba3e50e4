/** Who may import whom: the table of `rooms.ts` against what the files say. Tests may import anything. */
import { type Import, importsOf } from './imports.ts'
import { FOLDERS_ARE_STRANGERS, type Room, rooms, TOP, TOP_PACKAGES } from './rooms.ts'
import { type Finding, isProduct, roomOf, type SourceFile } from './source-file.ts'

export function layering(files: readonly SourceFile[]): Finding[] {
  return files.filter(isProduct).flatMap(file => [...standsWrong(file.path), ...importsOf(file).flatMap(judge)])
}

function standsWrong(path: string): Finding[] {
  const room = roomOf(path)
  if (room === undefined) {
    const known = TOP.includes(path.slice('server/src/'.length))
    return known ? [] : [{ rule: 'room', path, what: 'stands beside the rooms and is not in TOP' }]
  }
  return rooms[room] ? [] : [{ rule: 'room', path, what: `the room ${room} is not in the table` }]
}

function judge(one: Import): Finding[] {
  const reason = one.to.startsWith('node:') ? undefined : reasonAgainst(one)
  return reason === undefined ? [] : [{ rule: 'import', path: one.from, what: `${one.name}: ${reason}` }]
}

function reasonAgainst({ from, to, name }: Import): string | undefined {
  const home = roomOf(from)
  const room = home === undefined ? undefined : rooms[home]
  if (home !== undefined && !room) return undefined // told once, by standsWrong
  if (!/^(server|protocol)\//.test(to)) return reasonAgainstPackage(name, home, room)
  if (name.startsWith('.') && home !== 'protocol') return 'a relative import; name the room instead'
  if (room === undefined) return undefined
  const target = roomOf(to)
  if (target === undefined) return 'only the top imports the top'
  if (target === 'protocol') return undefined
  if (target === home) return reasonAgainstNeighbour(home, from, to)
  if (room.imports.some(allowed => allowed === target || to === `server/src/${allowed}`)) return undefined
  return direction(home as string, room, target)
}

function reasonAgainstPackage(name: string, home: string | undefined, room: Room | undefined): string | undefined {
  const packageName = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
  const allowed = home === undefined ? TOP_PACKAGES : (room?.packages ?? [])
  return allowed.includes(packageName) ? undefined : `${home ?? 'the top'} may not know the package ${packageName}`
}

function reasonAgainstNeighbour(home: string, from: string, to: string): string | undefined {
  if (!FOLDERS_ARE_STRANGERS.includes(home)) return undefined
  const folder = (path: string) => path.slice(`server/src/${home}/`.length).split('/').slice(0, -1)[0]
  const [own, other] = [folder(from), folder(to)]
  return own !== undefined && other !== undefined && own !== other ? `${own} and ${other} are strangers` : undefined
}

function direction(home: string, room: Room, target: string): string {
  const layer = rooms[target]?.layer ?? 6
  if (layer > room.layer) return `upward, from ${home} (${room.layer}) to ${target} (${layer})`
  if (layer === room.layer) return `sideways, from ${home} to ${target}`
  return `${home} may not know ${target}`
}
