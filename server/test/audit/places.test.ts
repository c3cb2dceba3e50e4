/** Places off the database: a real file, and a real server on a socket. */
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointLine, jwsOfLines } from '#audit/checkpoint-place.ts'
import { filePlace } from '#audit/file-place.ts'
import { httpPlace } from '#audit/http-place.ts'

const line = (number: number) => checkpointLine({ number, at: 1_780_000_000_000, jws: `a.b.${number}` })

describe('a file of checkpoints', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-test-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is appended to, and readable by its owner alone', async () => {
    const path = join(folder, 'checkpoints.jsonl')
    await filePlace(path).publish([line(1)])
    await filePlace(path).publish([line(2), line(3)])
    expect(jwsOfLines(await readFile(path, 'utf8'))).toEqual(['a.b.1', 'a.b.2', 'a.b.3'])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('loses only the line that a crash cut short', async () => {
    const path = join(folder, 'checkpoints.jsonl')
    await filePlace(path).publish([line(1)])
    await appendFile(path, '{"number":2,"at":"20')
    await filePlace(path).publish([line(2)])
    expect(jwsOfLines(await readFile(path, 'utf8'))).toEqual(['a.b.1', 'a.b.2'])
  })
})

describe('an address for checkpoints', () => {
  async function served(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(answer)
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    return { at: `127.0.0.1:${port}`, close: () => new Promise(done => server.close(done)) }
  }

  it('is posted the lines, with the password of the address but not under a name that tells it', async () => {
    let body = ''
    let authorization: string | undefined
    const server = await served((request, response) => {
      authorization = request.headers.authorization
      request.on('data', part => {
        body += part
      })
      request.on('end', () => response.writeHead(204).end())
    })
    const place = httpPlace(`http://log:s%20cret@${server.at}/checkpoints?token=t0ken`)
    await place.publish([line(1), line(2)])
    await server.close()
    expect(jwsOfLines(body)).toEqual(['a.b.1', 'a.b.2'])
    expect(authorization).toBe(`Basic ${Buffer.from('log:s cret').toString('base64')}`)
    expect(place.name).toBe(`http://${server.at}/checkpoints`)
  })

  it.each([500, 302])('that answers %i has not kept them', async status => {
    const server = await served((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { location: '/elsewhere' }).end())
    })
    await expect(httpPlace(`http://${server.at}/`).publish([line(1)])).rejects.toThrow()
    await server.close()
  })
})
