/** Every vault keeps what it is given: entries by atomic steps, keys that work again and cannot be taken out. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { textBytes } from '../bytes.ts'
import { isSdkError } from '../sdk-error.ts'
import { openBrowserVault } from './browser-vault.ts'
import { openFileVault } from './file-vault.ts'
import { freshKeysFor, keepKeys, keepSecrets, takeKey, takeSecrets, underAnotherLock } from './key-keeping.ts'
import { assertFit, makeLock, unlock } from './password-lock.ts'
import type { Entry, KeySet, Vault } from './vault.ts'

const rules = { min_length: 6, max_length: 12, digits_only: true, max_attempts: 3, lock_seconds: 60 }
const algorithms = { logon: 'RS512', action: 'ES256' } as const

const entry = (id: string, more: object = {}) =>
  ({
    ...{ id, kind: 'online', name: 'Phone', serviceName: 'Demo', user: 'alice', created_at: 1, history: [] },
    codes: { list: [], secrets: { iv: '', text: '' }, events: {} },
    ...more,
  }) as Entry
const withKeys = (keys: KeySet) => entry('a', { registration: { keys } as never })

const places = {
  browser: () => {
    const factory = new IDBFactory()
    return () => openBrowserVault(factory)
  },
  file: () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-vault-'))
    return () => openFileVault(home)
  },
}

async function works(key: CryptoKey, publicKey: JsonWebKey, algorithm: { name: string; hash: string }) {
  const data = textBytes('text')
  const signature = await crypto.subtle.sign(algorithm, key, data)
  const known = await crypto.subtle.importKey('jwk', publicKey, { ...algorithm, namedCurve: 'P-256' }, false, [
    'verify',
  ])
  return crypto.subtle.verify(algorithm, known, signature, data)
}
const rs512 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }
const es256 = { name: 'ECDSA', hash: 'SHA-256' }

describe.each(Object.entries(places))('a vault in a %s', (_, place) => {
  it('changes in steps, also side by side and from two openings', async () => {
    const open = place()
    const [one, other] = [await open(), await open()]
    await one.change('a', () => entry('a', { created_at: 0 }))
    const raise = (vault: Vault) => vault.change('a', held => held && { ...held, created_at: held.created_at + 1 })
    await Promise.all(Array.from({ length: 20 }, (_, n) => raise(n % 2 === 0 ? one : other)))
    expect((await other.find('a'))?.created_at).toBe(20)
    await other.change('b', () => entry('b'))
    await one.change('a', () => undefined)
    expect((await (await open()).list()).map(({ id }) => id)).toEqual(['b'])
  })

  it('a step that throws changes nothing, and what it threw comes out', async () => {
    const vault = await place()()
    await vault.change('a', () => entry('a'))
    const refusal = new Error('no')
    const change = vault.change('a', () => {
      throw refusal
    })
    await expect(change).rejects.toBe(refusal)
    expect(await vault.find('a')).toEqual(entry('a'))
  })

  it('keeps keys without a password, out of reach of scripts', async () => {
    const open = place()
    const vault = await open()
    const fresh = await freshKeysFor(vault, algorithms, false)
    const kept = await keepKeys(vault, fresh, undefined, 1)
    await vault.change('a', () => withKeys(kept))
    const again = await open()
    const { keys } = (await again.find('a'))!.registration!
    for (const use of ['logon', 'action', 'request', 'sealing'] as const) {
      const key = await takeKey(again, keys, use)
      expect(key.extractable, use).toBe(false)
    }
    expect(await works(await takeKey(again, keys, 'logon'), keys.public.logon, rs512)).toBe(true)
    expect(await works(await takeKey(again, keys, 'request'), keys.public.request, es256)).toBe(true)
  })

  it('a password guards signing keys and codes, and nothing else', async () => {
    const open = place()
    const vault = await open()
    const guard = await makeLock(vault, '246813', rules)
    const kept = await keepKeys(vault, await freshKeysFor(vault, algorithms, true), guard, 1)
    const codes = { list: [], events: {}, ...(await keepSecrets(vault, ['c2VjcmV0'], guard.key)) }
    await vault.change('a', () => ({ ...withKeys(kept), codes }))
    const again = await open()
    const held = (await again.find('a'))!
    const { keys } = held.registration!
    await expect(takeKey(again, keys, 'logon')).rejects.toMatchObject({ code: 'password_required' })
    await expect(takeSecrets(again, held.codes)).rejects.toMatchObject({ code: 'password_required' })
    expect((await takeKey(again, keys, 'request')).type).toBe('private')

    const key = await unlock(again, 'a', '246813', 0)
    const logon = await takeKey(again, keys, 'logon', key)
    expect(logon.extractable).toBe(false)
    expect(await works(logon, keys.public.logon, rs512)).toBe(true)
    expect(await takeSecrets(again, held.codes, key)).toEqual(['c2VjcmV0'])

    const next = await makeLock(again, '135790', rules)
    const moved = await underAnotherLock(again, keys, key!, next)
    expect(await works(await takeKey(again, moved, 'action', next.key), keys.public.action, es256)).toBe(true)
    await expect(takeKey(again, moved, 'action', key)).rejects.toThrow()
  })

  it('counts wrong passwords before it looks at them, locks, and lets go after the time', async () => {
    const open = place()
    const vault = await open()
    const guard = await makeLock(vault, '246813', rules)
    const fresh = await freshKeysFor(vault, { logon: 'ES256', action: 'ES256' }, true)
    const kept = await keepKeys(vault, fresh, guard, 1)
    await vault.change('a', () => withKeys(kept))
    const left = async (password: string, now_ms: number) => {
      try {
        await unlock(await open(), 'a', password, now_ms)
        return 'open'
      } catch (error) {
        return isSdkError(error, 'locked') ? error.facts.until_ms : isSdkError(error) && error.facts.attempts_left
      }
    }
    expect(await left('111111', 1000)).toBe(2)
    expect(await left('246813', 1000)).toBe('open')
    expect(await left('111111', 1000)).toBe(2)
    expect(await left('222222', 1000)).toBe(1)
    expect(await left('333333', 1000)).toBe(61_000)
    expect(await left('246813', 60_999)).toBe(61_000)
    expect(await left('246813', 61_000)).toBe('open')
    await expect(unlock(vault, 'a', undefined, 61_000)).rejects.toMatchObject({ code: 'password_required' })
  })

  it('the last try closes the lock first: side by side there are no more tries than one after the other', async () => {
    const vault = await place()()
    const guard = await makeLock(vault, '246813', rules)
    const fresh = await freshKeysFor(vault, { logon: 'ES256', action: 'ES256' }, true)
    const kept = await keepKeys(vault, fresh, guard, 1)
    await vault.change('a', () => withKeys(kept))
    const tries = ['111111', '222222', '333333', '444444', '555555', '246813'].map(one => unlock(vault, 'a', one, 1000))
    const codes = (await Promise.allSettled(tries)).map(one => (one.status === 'rejected' ? one.reason.code : 'open'))
    expect(codes.filter(code => code === 'invalid_password')).toHaveLength(2)
    expect(codes.filter(code => code === 'locked')).toHaveLength(4)
  })
})

describe('rules of a password', () => {
  it.each(['12345', '1234567890123', '12345a', '', '１２３４５６'])('refused: %j', password =>
    expect(() => assertFit(password, rules)).toThrow(expect.objectContaining({ code: 'unfit_password' })),
  )
  it('any character where digits are not asked for', () =>
    expect(() => assertFit('ä-🙂-z 1', { ...rules, digits_only: false })).not.toThrow())
})
