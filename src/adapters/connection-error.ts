/** Errors raised before a connection stood: the request cannot have arrived. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What Node says of a failed connection: its code ('' when it gives none), and whether anything can have been sent. */
export function connectionError(error: unknown): { code: string; sent: boolean } {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  return { code, sent: !beforeSending.has(code) };
}
