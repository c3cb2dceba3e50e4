/** The vault in a folder: who may read it, what a crash leaves, and that several processes lose nothing of one another. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openFileVault } from './file-vault.ts'
import type { Entry } from './vault.ts'

const home = () => mkdtempSync(join(tmpdir(), 'countersign-vault-'))
const entry = (id: string, created_at = 0) =>
  ({
    ...{ id, kind: 'offline', name: 'n', serviceName: 's', user: 'secret-user', created_at, history: [] },
  }) as never as Entry

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Counts in a process of its own, from the built program. */
function counter(folder: string, times: number) {
  const vault = new URL('../../dist/vault/file-vault.js', import.meta.url).href
  const program = `
    import { openFileVault } from '${vault}'
    const vault = await openFileVault(${JSON.stringify(folder)})
    for (let n = 0; n < ${times}; n++) {
      const held = await vault.change('a', one => one && { ...one, created_at: one.created_at + 1 })
      process.stdout.write(held.created_at + '\\n')
    }`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const ended = (child: ReturnType<typeof counter>) => new Promise<void>(resolve => child.on('exit', () => resolve()))

it('is readable by its owner alone, and shows nothing to who has not the key', async () => {
  const folder = home()
  await (await openFileVault(folder)).change('a', () => entry('a'))
  expect(readdirSync(folder).sort()).toEqual(['approve.key', 'approve.vault'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'approve.vault')).includes('secret-user')).toBe(false)
})

it('refuses a file that was changed or belongs to another key', async () => {
  const folder = home()
  const vault = await openFileVault(folder)
  await vault.change('a', () => entry('a'))
  const file = join(folder, 'approve.vault')
  const bytes = readFileSync(file)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(file, bytes)
  await expect(vault.list()).rejects.toMatchObject({ code: 'vault_unusable' })
  await expect(vault.change('a', () => entry('a'))).rejects.toMatchObject({ code: 'vault_unusable' })
  expect(readFileSync(file).equals(bytes)).toBe(true)
})

it('several processes lose no step', async () => {
  const folder = home()
  const vault = await openFileVault(folder)
  await vault.change('a', () => entry('a'))
  await Promise.all([counter(folder, 40), counter(folder, 40), counter(folder, 40)].map(ended))
  expect((await vault.find('a'))?.created_at).toBe(120)
})

it('a killed process leaves a whole file, no step that was told is lost, and its lock is taken over', async () => {
  const folder = home()
  const vault = await openFileVault(folder)
  await vault.change('a', () => entry('a'))
  for (let round = 0; round < 6; round++) {
    const child = counter(folder, 100_000)
    let told = 0
    child.stdout.on('data', (text: Buffer) => {
      told = Number(text.toString().trim().split('\n').at(-1))
    })
    while (told === 0) await pause(5)
    await pause(round * 7)
    child.kill('SIGKILL')
    await ended(child)
    const held = (await vault.change('a', one => one && { ...one }))?.created_at ?? 0
    expect(held).toBeGreaterThanOrEqual(told)
    expect(held).toBeLessThanOrEqual(told + 2000)
  }
  await vault.change('a', () => entry('a', 5))
  expect((await vault.find('a'))?.created_at).toBe(5)
})

it('a lock whose process is gone is broken at once, one of this process is waited for', async () => {
  const folder = home()
  const vault = await openFileVault(folder)
  const lock = join(folder, 'approve.lock')
  writeFileSync(lock, `${hostname()} 4194000 gone`)
  await vault.change('a', () => entry('a'))
  writeFileSync(lock, `${hostname()} ${process.pid} alive`)
  let done = false
  const change = vault
    .change('b', () => entry('b'))
    .then(() => {
      done = true
    })
  await pause(200)
  expect(done).toBe(false)
  writeFileSync(lock, `${hostname()} 4194000 gone too`)
  await change
  expect((await vault.list()).map(({ id }) => id)).toEqual(['a', 'b'])
  expect(readdirSync(folder).sort()).toEqual(['approve.key', 'approve.vault'])
})
