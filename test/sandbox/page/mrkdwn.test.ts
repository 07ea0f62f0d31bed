import { describe, expect, test } from 'vitest';
import { emojiFor } from '../../../sandbox/page/text/emoji.ts';
import { isSafeUrl, type Mrkdwn, parseMrkdwn, plainText } from '../../../sandbox/page/text/mrkdwn.ts';
import { formatDate } from '../../../sandbox/page/text/time.ts';

const text = (words: string): Mrkdwn => ({ kind: 'text', text: words });
const at = 1_795_208_400;

describe('mrkdwn reads as Slack reads it', () => {
  test.each<[string, string, Mrkdwn[]]>([
    ['bold', '*go*', [{ kind: 'bold', children: [text('go')] }]],
    ['italic', '_go_', [{ kind: 'italic', children: [text('go')] }]],
    ['strike', '~go~', [{ kind: 'strike', children: [text('go')] }]],
    [
      'italic in bold',
      '*a _b_*',
      [{ kind: 'bold', children: [text('a '), { kind: 'italic', children: [text('b')] }] }],
    ],
    ['underscores within a word are text', 'a_b_c', [text('a_b_c')]],
    ['a lone star is text', '2 * 3', [text('2 * 3')]],
    ['code keeps its stars', '`*x*`', [{ kind: 'code', text: '*x*' }]],
    ['a code block', '```\na\nb\n```', [{ kind: 'pre', text: 'a\nb' }]],
    ['a quote ends with its lines', '> a\nb', [{ kind: 'quote', children: [text('a')] }, text('b')]],
    ['an escaped quote', '&gt; a', [{ kind: 'quote', children: [text('a')] }]],
    ['lines', 'a\nb', [text('a'), { kind: 'break' }, text('b')]],
    ['a link with a label', '<https://a.example|A>', [{ kind: 'link', url: 'https://a.example', text: 'A' }]],
    [
      'a bare link',
      '<https://a.example>',
      [{ kind: 'link', url: 'https://a.example', text: 'https://a.example' }],
    ],
    [
      'a link with an ampersand',
      '<https://a.example?b&amp;c|A>',
      [{ kind: 'link', url: 'https://a.example?b&c', text: 'A' }],
    ],
    ['a script is no link', '<javascript:alert(1)|A>', [text('A')]],
    ['a person', '<@U1>', [{ kind: 'user', id: 'U1', label: null }]],
    ['a person with a label', '<@U1|ada>', [{ kind: 'user', id: 'U1', label: 'ada' }]],
    ['a channel', '<#C1|releases>', [{ kind: 'channel', id: 'C1', label: 'releases' }]],
    ['a group', '<!subteam^S1|@qa>', [{ kind: 'group', id: 'S1', label: '@qa' }]],
    ['everyone', '<!here>', [{ kind: 'everyone', name: 'here' }]],
    [
      'a date',
      `<!date^${at}^{date}|f>`,
      [{ kind: 'date', seconds: at, format: '{date}', url: null, fallback: 'f' }],
    ],
    ['an unreadable date', '<!date^x^{date}|f>', [text('f')]],
    ['an emoji', ':x:', [{ kind: 'emoji', name: 'x' }]],
    ['a time is no emoji', '21:05:10', [text('21'), { kind: 'emoji', name: '05' }, text('10')]],
    ['escapes', 'a &lt;b&gt; &amp;amp;', [text('a <b> &amp;')]],
    ['nothing', '', []],
  ])('%s', (_name, written, tree) => {
    expect(parseMrkdwn(written)).toEqual(tree);
  });

  test('an announcement drops the marks and names people', () => {
    const nodes = parseMrkdwn(':x: *No* for <@U1>\n`x`');
    expect(plainText(nodes, (id) => (id === 'U1' ? 'Ada' : id))).toBe(' No for Ada x');
  });
});

describe('what an element needs to know', () => {
  test.each([
    ['https://a.example', true],
    ['mailto:a@b.example', true],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['/relative', false],
  ])('%s may be followed: %s', (url, safe) => {
    expect(isSafeUrl(url)).toBe(safe);
  });

  test('a name that objects happen to have is no emoji', () => {
    expect(emojiFor('constructor')).toBeUndefined();
    expect(emojiFor('white_check_mark')).toBe('✅');
  });

  test.each([
    ['{date_short_pretty}', 0, 'Today'],
    ['on {date_pretty}', 86_400_000, 'on yesterday'],
    ['{ago}', 120_000, '2 minutes ago'],
    ['{nonsense}', 0, '{nonsense}'],
  ])('%s, read %i ms later, is %s', (format, later, words) => {
    expect(formatDate(at, format, new Date(at * 1000 + later))).toBe(words);
  });
});
