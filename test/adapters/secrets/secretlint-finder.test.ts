import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const own = ['own', 'setting', 'v4lue/+with=signs'].join('-');
const finder = new SecretlintFinder([own, '', 'short']);
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

const chars = (from: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...from), minLength, maxLength });
const word = (minLength: number, maxLength = minLength) => chars(letters + digits, minLength, maxLength);
const upper = chars('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 16);

/** The whole as it stands in a text, and the part of it that must not survive. */
interface Planted {
  whole: string;
  secret: string;
}
const bare = (value: fc.Arbitrary<string>) => value.map((secret): Planted => ({ whole: secret, secret }));
const within = (value: fc.Arbitrary<string>, before: string, after = '') =>
  value.map((secret): Planted => ({ whole: before + secret + after, secret }));
const prefixed = (prefix: string, value: fc.Arbitrary<string>) => bare(value.map((text) => prefix + text));

const kinds: Record<string, fc.Arbitrary<Planted>> = {
  'a personal token of GitLab': prefixed('glpat-', word(20)),
  'a routable token of GitLab': prefixed(
    'glpat-',
    fc.tuple(word(27), word(9)).map((t) => t.join('.01.')),
  ),
  'a runner token of GitLab': prefixed('glrt-', word(20)),
  'a deploy token of GitLab': prefixed('gldt-', word(20)),
  'a key of Linear': prefixed('lin_api_', word(40)),
  'an OAuth token of Linear': prefixed('lin_oauth_', word(64)),
  'a bot token of Slack': prefixed(
    'xoxb-',
    fc.tuple(chars(digits, 12), word(24)).map((t) => t.join('-')),
  ),
  'an app token of Slack': prefixed(
    'xapp-1-',
    fc.tuple(word(11), word(64)).map((t) => t.join('-')),
  ),
  'an organization token of Sentry': prefixed('sntrys_', word(80)),
  'a user token of Sentry': prefixed('sntryu_', word(64)),
  'a webhook of Slack': within(
    fc.tuple(word(9), word(11), word(24)).map((t) => t.join('/')),
    'https://hooks.slack.com/services/',
  ),
  'a key id of AWS': prefixed('AKIA', upper),
  'a token of GitHub': prefixed('ghp_', word(36)),
  'a Bearer header': within(word(12, 60), 'Authorization: Bearer '),
  'a Basic header': within(word(12, 60), 'authorization=basic '),
  'a password in an address': within(word(8, 30), 'https://deploy:', '@gitlab.example.com/x.git'),
  'a password in a connection string': within(
    chars(`${letters}${digits}/+!$`, 8, 30),
    'postgres://gonogo:',
    '@db:5432/gonogo',
  ),
  'a password without a user': within(word(8, 30), 'redis://:', '@cache:6379'),
  'a password assignment': within(word(8, 30), 'password='),
  'a password assignment in quotes': within(word(8, 30), 'PASSWORD = "a b ', '"'),
  'a token assignment': within(word(8, 30), 'GITLAB_TOKEN='),
  'a password in JSON': within(word(8, 30), '"password": "', '"'),
  'a password in JSON within JSON': within(word(8, 30), '{\\"password\\":\\"', '\\"}'),
  'a password in a .NET connection string': within(word(8, 30), 'Server=db;Pwd=', ';Database=x'),
  'a private key': within(
    chars(`${letters}${digits}+/\n`, 60, 900),
    '-----BEGIN EC PRIVATE KEY-----\n',
    '\n-----END EC PRIVATE KEY-----',
  ),
  'a private key that is cut': within(
    chars(`${letters}${digits}+/\n`, 60, 200),
    '-----BEGIN PRIVATE KEY-----\n',
  ),
  'a setting of ours': bare(fc.constant(own)),
  'a setting of ours in an address': bare(fc.constant(encodeURIComponent(own))),
};

/** Anything that people and machines write around it, glued to it or not. */
const surrounding = fc.oneof(
  fc.constantFrom('', ' ', '\n', '"', "'", ': ', 'x', '_', '9', '-', '</b>', '```', '@', '//'),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.lorem(),
  fc.constantFrom('secretlint-disable ', '// secretlint-disable-line', '/* secretlint-disable */'),
);

describe('no secret survives in any surrounding text', () => {
  test.each(Object.entries(kinds))('%s', async (_, planted) => {
    await fc.assert(
      fc.asyncProperty(surrounding, planted, surrounding, async (before, { whole, secret }, after) => {
        const shown = await finder.remove(`${before}${whole}${after}`);
        expect(shown).toContain('[removed: ');
        for (const line of secret.split('\n').filter(({ length }) => length >= 8))
          expect(shown).not.toContain(line);
      }),
      { numRuns: 200 },
    );
  });

  test('nor two of them beside each other', async () => {
    const any = fc.oneof(...Object.values(kinds).map((planted) => planted));
    await fc.assert(
      fc.asyncProperty(any, surrounding, any, async (first, between, second) => {
        const shown = await finder.remove(`${first.whole}${between}${second.whole}`);
        for (const { secret } of [first, second])
          for (const line of secret.split('\n').filter(({ length }) => length >= 8))
            expect(shown).not.toContain(line);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what the library alone knows', () => {
  const key = fc.tuple(word(22), word(43)).map((parts) => ['SG', ...parts].join('.'));

  test.each(['', 'secretlint-disable\n', '// secretlint-disable-next-line\n', '/* secretlint-disable */ '])(
    'is removed, whatever the text says to the library: %j',
    async (before) => {
      await fc.assert(
        fc.asyncProperty(key, async (secret) => {
          expect(await finder.remove(`${before}${secret}`)).toBe(`${before}[removed: sendgrid]`);
        }),
        { numRuns: 20 },
      );
    },
  );
});

describe('what is shown', () => {
  test.each([
    ['token glpat-aaaaaaaaaaaaaaaaaaaa expired', 'token [removed: GitLab token] expired'],
    ['https://u:p4ss@host/x', 'https://u:[removed: password]@host/x'],
    ['Authorization: Bearer abcdef', 'Authorization: Bearer [removed: authorization]'],
    ['https://u:@@host/x', 'https://u:[removed: password]@host/x'],
    ['db_password=hunter2&x=1', 'db_password=[removed: secret value]&x=1'],
    [`a ${own} b`, 'a [removed: setting] b'],
    ['password=glpat-aaaaaaaaaaaaaaaaaaaa.', 'password=[removed: GitLab token]'],
    ['x\n-----BEGIN PRIVATE KEY-----\nMII\n', 'x\n[removed: private key]'],
  ])('of %j is %j', async (text, shown) => {
    expect(await finder.remove(text)).toBe(shown);
  });

  test.each([
    '',
    'TypeError: depot is undefined at overview.ts:42',
    'Ask for a new password: it takes a minute.',
    'The token has expired; the bearer of bad news; a secret garden',
    'https://gitlab.example.com:8443/group/app/-/merge_requests/3?scope=all&state=merged#note_1',
    'https://registry.example.com:4873/@scope/package',
    'Migrations completed: 2 applied, 0 pending',
    'registry.example.com:5000/app@sha256:0123456789abcdef',
    'commit 0000000000000000000000000000000000000000',
    '<@U0123456> pinged <#C0123456>, see !12 and #34',
    'lone \ud800 surrogate',
  ])('of a text without secrets is the text: %j', async (text) => {
    expect(await finder.remove(text)).toBe(text);
  });

  test('is the same when it is looked through again', async () => {
    const any = fc.oneof(...Object.values(kinds).map((planted) => planted));
    await fc.assert(
      fc.asyncProperty(surrounding, any, surrounding, async (before, { whole }, after) => {
        const once = await finder.remove(`${before} ${whole} ${after}`);
        expect(await finder.remove(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a long text', () => {
  test('is cut, never in the middle of a secret that shows', async () => {
    for (let shift = 0; shift < own.length; shift += 1) {
      const shown = await finder.remove(`${'x'.repeat(100_000 - shift)}${own}${'y'.repeat(10_000)}`);
      expect(shown.length).toBeLessThanOrEqual(100_000 + '[removed: setting]'.length);
      expect(shown).not.toContain(own.slice(0, 3));
    }
  });

  test('is cut without a half of a character', async () => {
    const shown = await finder.remove(`${'x'.repeat(99_999)}😀`);
    expect(shown.isWellFormed()).toBe(true);
  });

  test.each([
    ['of one letter', 'a'.repeat(100_000)],
    ['of secret words', 'password'.repeat(12_500)],
    ['of assignments', 'password='.repeat(11_000)],
    ['of addresses', '://:'.repeat(25_000)],
    ['of users', 'http://a:'.repeat(11_000)],
    ['of headers', 'authorization: bearer '.repeat(4_500)],
    ['of beginnings of keys', '-----BEGIN PRIVATE KEY-----'.repeat(3_700)],
    ['of beginnings of tokens', 'glpat-eyJ'.repeat(11_000)],
    ['of dots', 'eyJaaaaaaaaaaaa.'.repeat(6_000)],
    ['of noise', randomBytes(50_000).toString('hex')],
  ])('%s is looked through once, not again and again, which would outlast the test', async (_, text) => {
    const shown = await finder.remove(text);
    expect(shown.replaceAll(/\[removed: [^\]]*\]/g, '').length).toBeLessThanOrEqual(100_000);
  });
});
