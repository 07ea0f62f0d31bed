import { glob } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root, textOf } from './repository.ts';

/**
 * Slack's own schema for manifests accepts scopes that do not exist, so what the app asks for is held against
 * this list: what the code uses, and the scopes that Slack's method reference names for it.
 */
const scopesOfMethods: Record<string, string[]> = {
  'auth.test': [],
  'chat.getPermalink': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  // Public channels and private ones.
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** Scopes that a feature of the manifest needs, and not a method. */
const scopesOfFeatures = { slashCommand: 'commands' };

const manifest = z.object({
  _metadata: z.object({ major_version: z.literal(2) }),
  display_information: z.object({
    name: z.string().max(35),
    description: z.string().max(140),
    long_description: z.string().min(175).max(4_000),
  }),
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.literal(true) }),
    bot_user: z.object({ display_name: z.string().max(80) }),
    slash_commands: z.array(
      z.object({
        command: z
          .string()
          .regex(/^\/[a-z]+$/)
          .max(32),
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.literal(true),
      }),
    ),
  }),
  oauth_config: z.object({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
  }),
});

async function sourcesOf(pattern: string): Promise<string> {
  const texts: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) texts.push(await textOf(path));
  return texts.join('\n');
}

describe('manifest.yml', () => {
  let app: z.infer<typeof manifest>;
  let code: string;
  beforeAll(async () => {
    app = manifest.parse(parse(await textOf('manifest.yml')));
    code = await sourcesOf('src/**/*.ts');
  });

  test('the list here names exactly the Web API methods that the bot calls', () => {
    const called = [...code.matchAll(/client\.((?:[a-z]\w*\.)+[a-z]\w*)\(/g)].map(([, method]) => method);
    expect([...new Set(called)].sort()).toEqual(Object.keys(scopesOfMethods).sort());
  });

  test('asks for the scopes that those need, and for no other', () => {
    const needed = new Set([...Object.values(scopesOfMethods).flat(), ...Object.values(scopesOfFeatures)]);
    expect([...app.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
  });

  test('subscribes to exactly the events that the bot listens to', () => {
    const listened = [...code.matchAll(/\.event\(\s*'([^']+)'/g)].map(([, event]) => event);
    expect([...app.settings.event_subscriptions.bot_events].sort()).toEqual([...new Set(listened)].sort());
  });

  test('registers exactly the commands that the bot answers', () => {
    const answered = [...code.matchAll(/\.command\(\s*'(\/[^']+)'/g)].map(([, command]) => command);
    expect(app.features.slash_commands.map(({ command }) => command)).toEqual(answered);
  });

  test('says no address, because Socket Mode needs none', async () => {
    expect(JSON.stringify(parse(await textOf('manifest.yml')))).not.toContain('http');
  });
});
