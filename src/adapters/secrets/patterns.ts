import type { Found } from './found.ts';

interface Pattern {
  kind: string;
  /** Global. Where it has a group `secret`, only that is removed, and it says where (`d`). */
  pattern: RegExp;
}

/**
 * What the library misses of what we handle, and the same kinds where they stand within a word, in which the library
 * does not look. No pattern asks what stands before it. Repetitions are bounded or of one kind of character, so that
 * no text makes them slow.
 */
const patterns: readonly Pattern[] = [
  {
    kind: 'GitLab token',
    pattern:
      /(?:glpat|gldt|glrt|glrtr|glcbt|glptt|glft|glimt|glagent|glsoat|glffct|gloas|glwt)-[\w.-]{8,}|GR1348941[\w-]{10,}/g,
  },
  { kind: 'Linear key', pattern: /lin_(?:api|oauth|wh)_\w{6,}/g },
  { kind: 'Slack token', pattern: /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}/g },
  {
    kind: 'Slack address',
    pattern: /hooks\.slack(?:-gov)?\.com\/(?<secret>(?:services|workflows|triggers|commands)\/[\w/-]+)/dg,
  },
  { kind: 'Sentry token', pattern: /sntry[a-z]_[\w+/=.-]{8,}/g },
  { kind: 'signing token', pattern: /whsec_[A-Za-z0-9+/=]{8,}/g },
  { kind: 'AWS key', pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/g },
  { kind: 'GitHub token', pattern: /gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}/g },
  { kind: 'signed token', pattern: /eyJ[\w-]{10,2000}\.eyJ[\w-]{10,8000}\.[\w-]*/g },
  {
    kind: 'private key',
    // One that is cut before its end goes on to the end of the text.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----|$)/g,
  },
  {
    kind: 'authorization',
    pattern: /bearer\s{1,3}(?<secret>(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}|[\w.~+/=-]{24,})/dgi,
  },
  {
    kind: 'password',
    pattern: /(?:https?|wss?|ftps?):\/\/[^\s:/@"'<>]{0,256}:(?<secret>[^\s/"'<>]{1,512})@/dgi,
  },
  // Not of the web: there a slash in the password is more likely than a path with an @.
  {
    kind: 'password',
    pattern: /(?<!https?|wss?|ftps?):\/\/[^\s:/@"'<>]{0,256}:(?<secret>[^\s"'<>]{1,512})@/dgi,
  },
];

/** Every secret that one of our patterns finds. */
export function byPattern(text: string): Found[] {
  return patterns.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map((match): Found => {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
      return { start, end, kind };
    }),
  );
}
