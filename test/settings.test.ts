import { describe, expect, test } from 'vitest';
import {
  pipelineSecretsOf,
  readDatabaseSettings,
  readPipelineSettings,
  readSettings,
  SettingsError,
  secretsOf,
} from '../src/settings.ts';

const good = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  GITLAB_TOKEN: 'glpat-1',
};
type Env = Record<string, string | undefined>;

function problemsOf(env: Env): string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('good settings', () => {
  test('need three secrets; everything else has a default', () => {
    expect(readSettings(good)).toEqual({
      slack: {
        botToken: 'xoxb-1',
        apiUrl: 'https://slack.com/api/',
        delivery: { kind: 'socket', appToken: 'xapp-1' },
      },
      gitlab: { url: 'https://gitlab.com', token: 'glpat-1', webhook: { secret: null, signingToken: null } },
      linear: null,
      sentry: null,
      databaseUrl: null,
      redisUrl: null,
      dataDir: '.data',
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
      cataloguePath: 'release.yml',
      apiToken: null,
      leaseMs: 20_000,
      settleMs: 60_000,
    });
  });

  test.each<[string, Env, object]>([
    ['a port of 0', { PORT: '0' }, { port: 0 }],
    ['the last port', { PORT: '65535' }, { port: 65_535 }],
    [
      'an address for Slack without a slash',
      { SLACK_API_URL: 'http://127.0.0.1:9/api' },
      { slack: { apiUrl: 'http://127.0.0.1:9/api/' } },
    ],
    [
      'an address for Slack with a slash',
      { SLACK_API_URL: 'http://127.0.0.1:9/api/' },
      { slack: { apiUrl: 'http://127.0.0.1:9/api/' } },
    ],
    [
      'signed HTTP',
      { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 's' },
      { slack: { delivery: { kind: 'http', signingSecret: 's' } } },
    ],
    [
      'both, which is Socket Mode',
      { SLACK_SIGNING_SECRET: 's' },
      { slack: { delivery: { kind: 'socket' } } },
    ],
    ['an empty database address, which is the embedded one', { DATABASE_URL: '' }, { databaseUrl: null }],
    ['a database', { DATABASE_URL: 'postgres://h/d' }, { databaseUrl: 'postgres://h/d' }],
    [
      'a database by its other name',
      { DATABASE_URL: 'postgresql://h/d' },
      { databaseUrl: 'postgresql://h/d' },
    ],
    ['Redis', { REDIS_URL: 'rediss://h' }, { redisUrl: 'rediss://h' }],
    [
      'a webhook secret',
      { GITLAB_WEBHOOK_SECRET: 'w' },
      { gitlab: { webhook: { secret: 'w', signingToken: null } } },
    ],
    [
      'a signing token',
      { GITLAB_WEBHOOK_SIGNING_TOKEN: 'whsec_AAAA' },
      { gitlab: { webhook: { signingToken: 'whsec_AAAA' } } },
    ],
    ['a tenth of a second', { GONOGO_SETTLE_SECONDS: '0.1' }, { settleMs: 100 }],
    ['ten minutes', { GONOGO_LEASE_SECONDS: '600' }, { leaseMs: 600_000 }],
    ['another level', { LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    ['a token for pipelines', { GONOGO_API_TOKEN: 'a'.repeat(16) }, { apiToken: 'a'.repeat(16) }],
    ['another catalogue', { GONOGO_CATALOGUE: 'a/b.yml' }, { cataloguePath: 'a/b.yml' }],
    ['variables that are none of ours', { HOME: '/root', PATH: '/bin' }, { port: 3000 }],
  ])('may have %s', (_, env, expected) => {
    expect(readSettings({ ...good, ...env })).toMatchObject(expected);
  });
});

describe('bad settings', () => {
  test.each<[string, Env, RegExp]>([
    ['no bot token', { SLACK_BOT_TOKEN: undefined }, /^SLACK_BOT_TOKEN is not set/],
    ['an empty bot token', { SLACK_BOT_TOKEN: '' }, /^SLACK_BOT_TOKEN is not set/],
    ['a user token', { SLACK_BOT_TOKEN: 'xoxp-hunter2' }, /^SLACK_BOT_TOKEN must begin with xoxb-/],
    [
      'the bot token as app token',
      { SLACK_APP_TOKEN: 'xoxb-hunter2' },
      /^SLACK_APP_TOKEN must begin with xapp-/,
    ],
    [
      'neither way to hear Slack',
      { SLACK_APP_TOKEN: undefined },
      /^SLACK_APP_TOKEN is not set.*SLACK_SIGNING_SECRET/,
    ],
    ['no GitLab token', { GITLAB_TOKEN: undefined }, /^GITLAB_TOKEN is not set/],
    ['a GitLab that is no address', { GITLAB_URL: 'gitlab.com' }, /^GITLAB_URL is no http/],
    ['a GitLab by another protocol', { GITLAB_URL: 'ssh://gitlab.com' }, /^GITLAB_URL is no http/],
    ['a Slack that is no address', { SLACK_API_URL: 'slack' }, /^SLACK_API_URL is no http/],
    ['a MySQL', { DATABASE_URL: 'mysql://u:hunter2@h/d' }, /^DATABASE_URL must begin with postgres:/],
    ['a Redis over HTTP', { REDIS_URL: 'http://:hunter2@h' }, /^REDIS_URL must begin with redis:/],
    [
      'a signing token without its mark',
      { GITLAB_WEBHOOK_SIGNING_TOKEN: 'hunter2' },
      /^GITLAB_WEBHOOK_SIGNING_TOKEN must begin with whsec_/,
    ],
    [
      'a signing token that is no base64',
      { GITLAB_WEBHOOK_SIGNING_TOKEN: 'whsec_hunter2!' },
      /^GITLAB_WEBHOOK_SIGNING_TOKEN/,
    ],
    [
      'a signing token with nothing in it',
      { GITLAB_WEBHOOK_SIGNING_TOKEN: 'whsec_' },
      /^GITLAB_WEBHOOK_SIGNING_TOKEN/,
    ],
    ['a port that is no number', { PORT: 'http' }, /^PORT write a port number/],
    ['a port below 0', { PORT: '-1' }, /^PORT /],
    ['a port above all', { PORT: '65536' }, /^PORT ports end at 65535/],
    ['half a port', { PORT: '80.5' }, /^PORT /],
    ['an unknown level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL write debug, info, warn or error/],
    [
      'a short token for pipelines',
      { GONOGO_API_TOKEN: 'hunter2' },
      /^GONOGO_API_TOKEN must have at least 16/,
    ],
    [
      'a token for pipelines with a blank',
      { GONOGO_API_TOKEN: 'hunter2 hunter2 hunter2' },
      /^GONOGO_API_TOKEN must have/,
    ],
    ['no time at all', { GONOGO_LEASE_SECONDS: '0' }, /^GONOGO_LEASE_SECONDS write at least 0.1/],
    ['too much time', { GONOGO_SETTLE_SECONDS: '601' }, /^GONOGO_SETTLE_SECONDS write at most 600/],
    [
      'a time that is none',
      { GONOGO_SETTLE_SECONDS: 'soon' },
      /^GONOGO_SETTLE_SECONDS write a number of seconds/,
    ],
  ])('with %s name the variable and what to do', (_, env, words) => {
    const problems = problemsOf({ ...good, ...env });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
  });

  test('are told all at once', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'x',
      DATABASE_URL: 'x',
      REDIS_URL: 'x',
      GITLAB_URL: 'x',
    });
    expect(problems.map((text) => text.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'GITLAB_TOKEN',
      'GITLAB_URL',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
    ]);
  });

  test.each(
    Object.keys({
      ...good,
      SLACK_SIGNING_SECRET: '',
      GITLAB_WEBHOOK_SECRET: '',
      GITLAB_WEBHOOK_SIGNING_TOKEN: '',
      DATABASE_URL: '',
      REDIS_URL: '',
      GITLAB_URL: '',
      GONOGO_API_TOKEN: '',
      GONOGO_URL: '',
      SLACK_API_URL: '',
      PORT: '',
      LOG_LEVEL: '',
    }),
  )('never tell the value of %s', (name) => {
    try {
      readSettings({ [name]: 'hunter2 & more' });
      throw new Error('they were taken');
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
    }
  });
});

describe('the settings of a command that needs only the database', () => {
  test('need nothing else', () => {
    expect(readDatabaseSettings({})).toEqual({ databaseUrl: null, dataDir: '.data' });
    expect(readDatabaseSettings({ DATABASE_URL: 'postgres://h/d', GONOGO_DATA_DIR: 'x' })).toEqual({
      databaseUrl: 'postgres://h/d',
      dataDir: 'x',
    });
  });

  test('are checked too', () => {
    expect(() => readDatabaseSettings({ DATABASE_URL: 'mysql://u:hunter2@h' })).toThrow(
      /DATABASE_URL must begin/,
    );
  });
});

describe('the settings of a job in a pipeline', () => {
  const token = 'a-token-for-pipelines';

  test('need nothing of Slack, and no bot', () => {
    expect(readPipelineSettings({})).toEqual({
      ...{ bot: null, cataloguePath: 'release.yml', gitlab: null, sentry: null, logLevel: 'info' },
      job: { id: null, startedAt: null, pipeline: null, pipelineCreatedAt: null },
    });
  });

  test('take the bot, and what GitLab says of the job', () => {
    const settings = readPipelineSettings({
      GONOGO_URL: 'https://gonogo.example',
      GONOGO_API_TOKEN: token,
      GITLAB_TOKEN: 'glpat-of-a-job',
      CI_JOB_ID: '77',
      CI_JOB_STARTED_AT: '2026-11-21T12:10:00Z',
      CI_PIPELINE_ID: '9',
      CI_PIPELINE_URL: 'https://gitlab.example/p/9',
      CI_PIPELINE_CREATED_AT: '2026-11-21T12:00:00Z',
    });
    expect(settings).toMatchObject({
      bot: { url: 'https://gonogo.example', token },
      gitlab: { url: 'https://gitlab.com' },
      job: {
        ...{ id: '77', startedAt: '2026-11-21T12:10:00Z', pipelineCreatedAt: '2026-11-21T12:00:00Z' },
        pipeline: { id: 9, url: 'https://gitlab.example/p/9' },
      },
    });
    expect(pipelineSecretsOf(settings)).toEqual([token, 'glpat-of-a-job']);
  });

  test('know nothing of a job where GitLab says something else than it documents', () => {
    const odd = {
      CI_JOB_ID: 'x',
      CI_PIPELINE_ID: '9',
      CI_PIPELINE_URL: 'x',
      CI_PIPELINE_CREATED_AT: 'today',
    };
    expect(readPipelineSettings(odd).job).toEqual({
      ...{ id: null, startedAt: null, pipeline: null, pipelineCreatedAt: null },
    });
  });

  test.each<[string, Env, RegExp]>([
    ['a bot without its token', { GONOGO_URL: 'https://h' }, /GONOGO_API_TOKEN is not set/],
    ['a token without its bot', { GONOGO_API_TOKEN: token }, /GONOGO_URL is not set/],
    ['a bot that is no address', { GONOGO_URL: 'h', GONOGO_API_TOKEN: token }, /GONOGO_URL is no http/],
    ['a short token', { GONOGO_URL: 'https://h', GONOGO_API_TOKEN: 'hunter2' }, /GONOGO_API_TOKEN must have/],
  ])('are refused with %s', (_, env, words) => {
    expect(() => readPipelineSettings(env)).toThrow(words);
  });
});

test('the token of pipelines is one of the secrets', () => {
  const token = 'a-token-for-pipelines';
  expect(secretsOf(readSettings({ ...good, GONOGO_API_TOKEN: token }))).toContain(token);
});
