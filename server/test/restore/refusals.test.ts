/** What a restore refuses, before it has changed anything. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestartableWorld, restartableWorld } from './restartable-world.ts'

describe('a restore', () => {
  let place: RestartableWorld
  const file = (name: string) => join(place.home, name)
  beforeAll(async () => {
    place = await restartableWorld('SQLite')
    await place.run('tenant', 'create', 'before')
    expect(await place.run('backup', file('copy'))).toMatchObject({ code: 0 })
    await place.run('tenant', 'create', 'after')
  })
  afterAll(() => place.remove())

  const still = async () => expect((await place.run('tenant', 'list')).text).toMatch(/before.*\n.*after/)

  test('wants the master key of the backup', async () => {
    renameSync(file('master.key'), file('kept.key'))
    const missing = await place.run('restore', file('copy'), '--yes')
    expect(missing).toEqual({ code: 1, text: expect.stringContaining('The master key is missing. Put back the one') })
    writeFileSync(file('master.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    const wrong = await place.run('restore', file('copy'), '--yes')
    expect(wrong).toEqual({ code: 1, text: expect.stringContaining('This is not the master key of the backup.') })
    rmSync(file('master.key'))
    renameSync(file('kept.key'), file('master.key'))
    await still()
  })

  test('wants a yes and a whole backup', async () => {
    expect((await place.run('restore', file('copy'))).text).toContain('Say it again with --yes')
    writeFileSync(file('half'), 'SQLite format 3\0 and then nothing')
    expect((await place.run('restore', file('half'), '--yes')).text).toContain('is not a whole backup')
    await still()
  })

  test('waits until no server runs', async () => {
    const world = await place.start()
    const { code, text } = await place.run('restore', file('copy'), '--yes')
    await world.close()
    expect({ code, text }).toEqual({
      code: 1,
      text: expect.stringMatching(/in use by another server.*Stop that server first/),
    })
    await still()
  })
})
