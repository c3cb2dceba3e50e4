/**
 * What a process has used, from /proc (proc(5)): processor time of all its threads, resident memory. Linux only.
 * Surprise: processor time counts in ticks of 10 ms, so a measurement needs a second or more to be exact to a percent.
 */
import { existsSync, readFileSync } from 'node:fs'

/** USER_HZ is 100 on every Linux that Node runs on. */
const TICK_US = 10_000

/** Processor time of a process with all its threads, in microseconds; 0 when it has ended. */
export function processor_us(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 0
  const text = readFileSync(file, 'latin1')
  // The program's name stands in brackets and may hold blanks: count the fields behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}

/** A process and its children: PostgreSQL serves each connection with a process of its own. */
export function processorOfFamily_us(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + processor_us(one), 0)
}

export function resident_mb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(match?.[1] ?? 0) / 1024
}

export function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? readFileSync(file, 'latin1').trim().split(' ').filter(Boolean).map(Number) : []
}

/** Our own children that run this program. */
export function childrenNamed(name: string): readonly number[] {
  return childrenOf(process.pid).filter(pid => readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === name)
}
