import { startGitLab } from '../../sandbox/gitlab/server.ts';
import type { GitLabWorld } from '../../sandbox/gitlab/world.ts';
import { listen, Router } from '../../sandbox/shared/http.ts';
import { typeCommand } from '../../sandbox/slack/act-command.ts';
import { addControl } from '../../sandbox/slack/control.ts';
import { type LogEntry, RequestLog } from '../../sandbox/slack/log.ts';
import { createState, type SlackState } from '../../sandbox/slack/state.ts';
import { type Trigger, Triggers } from '../../sandbox/slack/triggers.ts';
import { handleApiCall } from '../../sandbox/slack/web-api/dispatch.ts';
import { engineer, gitlabPaths, releases, slackWorld } from './catalogue.ts';

/**
 * A process with the simulated Slack and GitLab, so that their work is not the bot's. The Slack is put together
 * from its parts here to put a fine clock at the two moments that count: a command leaves, its modal arrives.
 */

export interface ServicesWish {
  /** How many projects GitLab has besides the root. */
  projects: number;
  slackTimeScale: number;
  gitlabTimeScale: number;
  gitlab: Omit<GitLabWorld, 'projects'>;
}

/** Told to this process: people type so many commands, one every `1000 / perSecond` ms whatever the app does. */
export interface Arrivals {
  count: number;
  perSecond: number;
}

/** What became of them. */
export interface Opened {
  /** From the moment a command left Slack until its modal was received and accepted, in ms. */
  latenciesMs: number[];
  /** Commands whose modal never came. */
  lost: number;
}

/** When each trigger was issued: right before the command leaves. */
class TimedTriggers extends Triggers {
  readonly issuedAt = new Map<string, number>();

  override issue(trigger: Trigger): string {
    const id = super.issue(trigger);
    this.issuedAt.set(id, performance.now());
    return id;
  }
}

/** How long each accepted views.open was on its way. */
class TimedLog extends RequestLog {
  readonly latenciesMs: number[] = [];
  readonly #triggers: TimedTriggers;

  constructor(triggers: TimedTriggers) {
    super();
    this.#triggers = triggers;
  }

  override add(entry: Omit<LogEntry, 'at'>): void {
    super.add(entry);
    const issuedAt = this.#triggers.issuedAt.get(String(entry.arguments['trigger_id']));
    if (entry.method === 'views.open' && entry.ok && issuedAt !== undefined)
      this.latenciesMs.push(performance.now() - issuedAt);
  }
}

async function openSlack(timeScale: number) {
  const state = createState({ world: slackWorld, timeScale });
  const triggers = new TimedTriggers();
  const log = new TimedLog(triggers);
  Object.assign(state, { triggers, log });
  const router = new Router();
  for (const verb of ['POST', 'GET'])
    router.add(verb, '/api/:method', (exchange) => handleApiCall(exchange, state));
  addControl(router, state);
  const running = await listen(router);
  state.url = running.url;
  running.server.on('upgrade', (request, socket, head) => state.socket.upgrade(request, socket, head));
  return { state, log };
}

/** Open loop: a slow app gets no mercy, the next command comes when its time has come. */
async function arrive({ count, perSecond }: Arrivals, state: SlackState, log: TimedLog): Promise<Opened> {
  log.latenciesMs.length = 0;
  const began = performance.now();
  const acknowledged: Promise<unknown>[] = [];
  for (let n = 0; n < count; n += 1) {
    const early = began + (n * 1_000) / perSecond - performance.now();
    if (early > 0) await new Promise((resume) => setTimeout(resume, early));
    acknowledged.push(
      typeCommand(
        { user: engineer, channel: releases, command: '/release', text: 'cutoff', times: 1 },
        state,
      ),
    );
  }
  // An acknowledgement has its end after three seconds at the latest, and with it the trigger.
  await Promise.all(acknowledged);
  const deadline = performance.now() + 3_000;
  while (log.latenciesMs.length < count && performance.now() < deadline)
    await new Promise((resume) => setTimeout(resume, 20));
  return { latenciesMs: [...log.latenciesMs], lost: count - log.latenciesMs.length };
}

const wish = JSON.parse(process.argv[2] ?? '') as ServicesWish;
const { state, log } = await openSlack(wish.slackTimeScale);
const gitlab = await startGitLab({
  timeScale: wish.gitlabTimeScale,
  world: { ...wish.gitlab, projects: gitlabPaths(wish.projects).map((path) => ({ path })) },
});
process.on('message', async (arrivals: Arrivals) => process.send?.(await arrive(arrivals, state, log)));
process.once('disconnect', () => process.exit(0));
const { botToken, appToken, signingSecret } = state.workspace;
process.stdout.write(
  `${JSON.stringify({
    slack: { url: state.url, apiUrl: `${state.url}/api/`, botToken, appToken, signingSecret },
    gitlab: { url: gitlab.url, token: gitlab.token },
  })}\n`,
);
