/**
 * What the tests need from the machine beside Node and npm packages. Each row names the Debian package, what it is for and
 * the programs by which it is recognised. As root on Debian what is missing is installed; elsewhere it is told.
 */
import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensureDebianPackages } from './postgres.ts'

interface Need {
  readonly debianPackage: string
  readonly why: string
  /** All of them are there when it is installed. */
  readonly programs: readonly string[]
  /** Folders that are looked into beside PATH. */
  readonly folders?: () => readonly string[]
}

const POSTGRES = '/usr/lib/postgresql'

const needs: readonly Need[] = [
  {
    debianPackage: 'postgresql',
    why: 'the second storage engine; tests start a server of their own',
    programs: ['initdb', 'postgres', 'pg_dump', 'pg_restore'],
    folders: () => foldersIn(POSTGRES).map(version => join(POSTGRES, version, 'bin')),
  },
  {
    debianPackage: 'oathtool',
    why: 'a foreign implementation of HOTP and TOTP to compare with',
    programs: ['oathtool'],
  },
  {
    debianPackage: 'fido2-tools',
    why: 'a foreign implementation that verifies what passkeys signed',
    programs: ['fido2-assert'],
  },
  {
    debianPackage: 'chromium',
    why: 'the pages are opened and looked at in a real browser',
    programs: ['chromium'],
  },
  {
    debianPackage: 'openssl',
    why: 'a foreign implementation that verifies what devices signed',
    programs: ['openssl'],
  },
]

/** True when the tests can run with nothing left out. */
export async function ensureNeeds(): Promise<boolean> {
  const missing = needs.filter(need => !isThere(need))
  if (missing.length === 0) return true
  for (const { debianPackage, why } of missing) console.log(`The package ${debianPackage} is missing: ${why}.`)
  const packages = missing.map(({ debianPackage }) => debianPackage)
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    console.log(`Installing ${packages.join(' ')} …`)
    await ensureDebianPackages(packages)
  }
  const still = needs.filter(need => !isThere(need)).map(({ debianPackage }) => debianPackage)
  if (still.length > 0)
    console.log(`Install what gives these programs; on Debian: sudo apt-get install ${still.join(' ')}`)
  return still.length === 0
}

function isThere({ programs, folders }: Need): boolean {
  const places = [...(folders?.() ?? []), ...(process.env.PATH ?? '').split(delimiter)].filter(place => place !== '')
  return programs.every(program => places.some(place => isExecutable(join(place, program))))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
