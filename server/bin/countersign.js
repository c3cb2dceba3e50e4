#!/usr/bin/env node
// Stands here, committed, because npm links a workspace's command only when the file exists at install.
import { existsSync } from 'node:fs'

const built = new URL('../dist/program/main.js', import.meta.url)
if (!existsSync(built)) {
  console.error('countersign is not built yet. Run: npm run build')
  process.exit(1)
}
const { main } = await import(built.href)
process.exitCode = await main(process.argv.slice(2), process.env)
