/** The only source of chance: cryptographically strong bytes. */
export interface Random {
  bytes(count: number): Uint8Array
}
