import { z } from 'zod';

/**
 * The only reader of the environment. Everything is checked at start, and every problem is listed at once with
 * what to do. Values of secrets appear in no message.
 */

export interface Settings {
  slack: {
    botToken: string;
    /** Ends with a slash; Slack's own unless told otherwise. */
    apiUrl: string;
    delivery: { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string };
  };
  gitlab: {
    url: string;
    token: string;
    webhook: { secret: string | null; signingToken: string | null };
  };
  /** Null: no record is kept in Linear. */
  linear: { apiKey: string; apiUrl: string } | null;
  /** Null: no check asks Sentry. */
  sentry: { url: string; token: string; organization: string } | null;
  /** Null: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  /** Null: the queue is on PostgreSQL too. */
  redisUrl: string | null;
  dataDir: string;
  host: string;
  port: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  cataloguePath: string;
  /** What pipelines send as bearer token; null: the HTTP interface for pipelines is off. */
  apiToken: string | null;
  /** How long work stays with a process that says nothing more, in ms. */
  leaseMs: number;
  /** How long GitLab may still be at a request that it did not answer, in ms; only then is it made again. */
  settleMs: number;
}

export class SettingsError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The settings do not let gonogo start:\n${problems.map((problem) => `  • ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const seconds = (fallback: number) =>
  z.coerce
    .number({ error: 'write a number of seconds' })
    .min(0.1, 'write at least 0.1')
    .max(600, 'write at most 600')
    .default(fallback);
const needed = (what: string) => z.string({ error: `is not set: ${what}` }).min(1, `is empty: ${what}`);
const httpUrl = (what: string) =>
  z
    .string({ error: `is not set: ${what}` })
    .refine((text) => /^https?:\/\/[^\s]+$/.test(text), `is no http or https address: ${what}`);

const environment = z.object({
  SLACK_BOT_TOKEN: needed('the bot token of the Slack app, which begins with xoxb-').startsWith(
    'xoxb-',
    'must begin with xoxb-',
  ),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must begin with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_API_URL: httpUrl('leave it out for Slack itself').default('https://slack.com/api/'),
  GITLAB_URL: httpUrl('the address of your GitLab, such as https://gitlab.com').default('https://gitlab.com'),
  GITLAB_TOKEN: needed('an access token of the bot’s GitLab user, with the scope api'),
  GITLAB_WEBHOOK_SECRET: z.string().min(1).optional(),
  GITLAB_WEBHOOK_SIGNING_TOKEN: z
    .string()
    .startsWith('whsec_', { error: 'must begin with whsec_', abort: true })
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'is not whole: copy all of it from GitLab, base64 behind whsec_')
    .optional(),
  LINEAR_API_KEY: z.string().min(1).optional(),
  LINEAR_API_URL: httpUrl('leave it out for Linear itself').default('https://api.linear.app/graphql'),
  SENTRY_URL: httpUrl('the address of your Sentry, such as https://sentry.io').default('https://sentry.io'),
  SENTRY_TOKEN: z.string().min(1).optional(),
  SENTRY_ORGANIZATION: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .optional(),
  GONOGO_DATA_DIR: z.string().min(1).default('.data'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce
    .number({ error: 'write a port number' })
    .int()
    .min(0)
    .max(65_535, 'ports end at 65535')
    .default(3000),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'write debug, info, warn or error' })
    .default('info'),
  GONOGO_CATALOGUE: z.string().min(1).default('release.yml'),
  GONOGO_API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7E]{16,}$/, 'must have at least 16 characters, without blanks: openssl rand -hex 32')
    .optional(),
  GONOGO_URL: httpUrl('the address of the bot, such as https://gonogo.example.com').optional(),
  GONOGO_LEASE_SECONDS: seconds(20),
  GONOGO_SETTLE_SECONDS: seconds(60),
});

const pipelineEnvironment = environment
  .pick({
    GONOGO_URL: true,
    GONOGO_API_TOKEN: true,
    GONOGO_CATALOGUE: true,
    GITLAB_URL: true,
    SENTRY_URL: true,
    SENTRY_TOKEN: true,
    SENTRY_ORGANIZATION: true,
    LOG_LEVEL: true,
  })
  .extend({ GITLAB_TOKEN: z.string().min(1).optional() });

/** Reads the settings. Empty variables count as not set. Throws {@link SettingsError} with every problem. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const set = given(env);
  const parsed = environment.safeParse(set);
  const problems = parsed.success ? [] : problemsOf(parsed.error);
  if (!set['SLACK_APP_TOKEN'] && !set['SLACK_SIGNING_SECRET'])
    problems.push(
      'SLACK_APP_TOKEN is not set: set it for Socket Mode (begins with xapp-), or SLACK_SIGNING_SECRET for HTTP',
    );
  if (set['SENTRY_TOKEN'] && !set['SENTRY_ORGANIZATION'])
    problems.push('SENTRY_ORGANIZATION is not set: the slug of your organization in Sentry');
  if (problems.length > 0 || !parsed.success) throw new SettingsError(problems);
  return settingsOf(parsed.data);
}

/** The settings of commands that need only the database. Throws {@link SettingsError} too. */
export function readDatabaseSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Pick<Settings, 'databaseUrl' | 'dataDir'> {
  const parsed = environment.pick({ DATABASE_URL: true, GONOGO_DATA_DIR: true }).safeParse(given(env));
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error));
  return { databaseUrl: parsed.data.DATABASE_URL ?? null, dataDir: parsed.data.GONOGO_DATA_DIR };
}

/** What `gonogo validate` and `gonogo gate` take from the environment of a pipeline's job. */
export interface PipelineSettings {
  /** Null: no bot is asked; `validate` looks at AWS by itself. */
  bot: { url: string; token: string } | null;
  cataloguePath: string;
  /** Null: no check can ask GitLab. */
  gitlab: { url: string; token: string } | null;
  /** Null: no check can ask Sentry. */
  sentry: Settings['sentry'];
  logLevel: Settings['logLevel'];
  /** What GitLab says of the job; all null in a terminal. */
  job: {
    id: string | null;
    startedAt: string | null;
    pipeline: { id: number; url: string } | null;
    pipelineCreatedAt: string | null;
  };
}

/** GitLab's predefined variables of a job, as far as they are read. What it gives is not the person's to mend. */
const jobEnvironment = z.object({
  CI_JOB_ID: z.string().regex(/^\d+$/).optional().catch(undefined),
  CI_JOB_STARTED_AT: z.iso.datetime({ offset: true }).optional().catch(undefined),
  CI_PIPELINE_ID: z.coerce.number().int().positive().optional().catch(undefined),
  CI_PIPELINE_URL: z.httpUrl().optional().catch(undefined),
  CI_PIPELINE_CREATED_AT: z.iso.datetime({ offset: true }).optional().catch(undefined),
});

/** The settings of commands that run in a pipeline. Throws {@link SettingsError} with every problem. */
export function readPipelineSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): PipelineSettings {
  const set = given(env);
  const parsed = pipelineEnvironment.safeParse(set);
  const problems = parsed.success ? [] : problemsOf(parsed.error);
  if (set['GONOGO_URL'] && !set['GONOGO_API_TOKEN'])
    problems.push('GONOGO_API_TOKEN is not set: the bot’s own, as a masked and protected variable');
  if (set['GONOGO_API_TOKEN'] && !set['GONOGO_URL'])
    problems.push('GONOGO_URL is not set: the address of the bot, such as https://gonogo.example.com');
  if (problems.length > 0 || !parsed.success) throw new SettingsError(problems);
  const { data } = parsed;
  const job = jobEnvironment.parse(set);
  const { CI_PIPELINE_ID: id, CI_PIPELINE_URL: url } = job;
  return {
    bot:
      data.GONOGO_URL && data.GONOGO_API_TOKEN
        ? { url: data.GONOGO_URL, token: data.GONOGO_API_TOKEN }
        : null,
    cataloguePath: data.GONOGO_CATALOGUE,
    gitlab: data.GITLAB_TOKEN ? { url: data.GITLAB_URL, token: data.GITLAB_TOKEN } : null,
    sentry: sentryOf(data),
    logLevel: data.LOG_LEVEL,
    job: {
      id: job.CI_JOB_ID ?? null,
      startedAt: job.CI_JOB_STARTED_AT ?? null,
      pipeline: id !== undefined && url !== undefined ? { id, url } : null,
      pipelineCreatedAt: job.CI_PIPELINE_CREATED_AT ?? null,
    },
  };
}

/** The secrets of a pipeline's job, likewise. */
export function pipelineSecretsOf({ bot, gitlab, sentry }: PipelineSettings): string[] {
  return [bot?.token, gitlab?.token, sentry?.token].flatMap((secret) => secret ?? []);
}

/** The values that must never reach a log, a message or a record. */
export function secretsOf(settings: Settings): string[] {
  const { slack, gitlab, linear, sentry, databaseUrl, redisUrl, apiToken } = settings;
  const { delivery } = slack;
  const passwords = [databaseUrl, redisUrl].map((url) => url && URL.parse(url)?.password);
  const secrets = [
    slack.botToken,
    delivery.kind === 'socket' ? delivery.appToken : delivery.signingSecret,
    gitlab.token,
    gitlab.webhook.secret,
    gitlab.webhook.signingToken,
    linear?.apiKey,
    sentry?.token,
    apiToken,
    ...passwords,
  ];
  return secrets.flatMap((secret) => (secret ? [secret] : []));
}

/** Empty variables count as not set. */
function given(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

function sentryOf(
  env: Pick<z.infer<typeof environment>, 'SENTRY_URL' | 'SENTRY_TOKEN' | 'SENTRY_ORGANIZATION'>,
): Settings['sentry'] {
  const { SENTRY_URL: url, SENTRY_TOKEN: token, SENTRY_ORGANIZATION: organization } = env;
  return token && organization ? { url, token, organization } : null;
}

function settingsOf(env: z.infer<typeof environment>): Settings {
  return {
    slack: {
      botToken: env.SLACK_BOT_TOKEN,
      apiUrl: env.SLACK_API_URL.endsWith('/') ? env.SLACK_API_URL : `${env.SLACK_API_URL}/`,
      delivery: env.SLACK_APP_TOKEN
        ? { kind: 'socket', appToken: env.SLACK_APP_TOKEN }
        : { kind: 'http', signingSecret: env.SLACK_SIGNING_SECRET ?? '' },
    },
    gitlab: {
      url: env.GITLAB_URL,
      token: env.GITLAB_TOKEN,
      webhook: {
        secret: env.GITLAB_WEBHOOK_SECRET ?? null,
        signingToken: env.GITLAB_WEBHOOK_SIGNING_TOKEN ?? null,
      },
    },
    linear: env.LINEAR_API_KEY ? { apiKey: env.LINEAR_API_KEY, apiUrl: env.LINEAR_API_URL } : null,
    sentry: sentryOf(env),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    dataDir: env.GONOGO_DATA_DIR,
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    cataloguePath: env.GONOGO_CATALOGUE,
    apiToken: env.GONOGO_API_TOKEN ?? null,
    leaseMs: env.GONOGO_LEASE_SECONDS * 1_000,
    settleMs: env.GONOGO_SETTLE_SECONDS * 1_000,
  };
}
