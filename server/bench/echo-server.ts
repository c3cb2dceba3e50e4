/** The floor under every figure: `node:http` alone, which reads a form and answers JSON of the size of a token answer. */
import { createServer } from 'node:http'

const TOKEN = 'ZWNobyBlY2hvIGVjaG8gZWNobyBlY2hvIGVjaG8='

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    const body = JSON.stringify({
      access_token: TOKEN,
      token_type: 'Bearer',
      expires_in: 3600,
      grant: form.get('grant_type'),
    })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

process.once('SIGTERM', () => process.exit(0))
