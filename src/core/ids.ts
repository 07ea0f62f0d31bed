/**
 * Ids that follow from what they name, so that doing the same thing twice gives the same id. They are made
 * from a SHA-256 in hexadecimal, which the shell computes (core has no crypto).
 */

/** SHA-256 of a text, 64 hexadecimal digits. */
export type Digest = (text: string) => string;

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A short id that people can read out: eight letters and digits without look-alikes (40 bits). */
export function shortId(digest: Digest, source: string): string {
  const hex = digest(source);
  let left = BigInt(`0x${hex.slice(0, 20)}`);
  let id = '';
  while (id.length < 8) {
    id += alphabet[Number(left % BigInt(alphabet.length))];
    left /= BigInt(alphabet.length);
  }
  return id;
}

/** A UUID (version 8: made by our own rule, RFC 9562) that names `source`. */
export function uuidOf(digest: Digest, source: string): string {
  return uuid(digest, source, '8');
}

/** The same in the form of a version 4, for those who take no other (Linear). */
export function uuid4Of(digest: Digest, source: string): string {
  return uuid(digest, source, '4');
}

function uuid(digest: Digest, source: string, version: string): string {
  const hex = digest(source);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `${version}${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** The key of one try to trigger one target; the same for every request of that try. */
export function runIdOf(digest: Digest, invocation: string, project: string, attempt: number): string {
  return uuidOf(digest, `run/${invocation}/${project}/${attempt}`);
}
