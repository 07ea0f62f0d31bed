import pMap from 'p-map';
import { CloudWatchLogs } from '../../src/adapters/aws/cloudwatch-logs.ts';
import { EcsContainers } from '../../src/adapters/aws/ecs-containers.ts';
import { loadCatalogue } from '../../src/adapters/catalogue-file.ts';
import { codeHostOf } from '../../src/adapters/gitlab/whole-host.ts';
import { SentryTracker } from '../../src/adapters/sentry/sentry-tracker.ts';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { HttpWebProbe } from '../../src/adapters/web/web-probe.ts';
import { findCheck, knowledge } from '../../src/checks/index.ts';
import { planOf } from '../../src/core/catalogue/phase.ts';
import { open } from '../../src/core/release/acts.ts';
import type { Candidate } from '../../src/core/release/candidate.ts';
import { gatesOf, type Plan } from '../../src/core/release/plan.ts';
import { releaseStream } from '../../src/core/release/stream.ts';
import type { SourceName, Sources } from '../../src/core/sources.ts';
import { identifyCandidate } from '../../src/jobs/identify-candidate.ts';
import { concurrency } from '../../src/jobs/index.ts';
import { type ReleaseDeps, recordRelease } from '../../src/jobs/release-deps.ts';
import { readSettings } from '../../src/settings.ts';
import { memoryStore } from './memory-store.ts';

/**
 * What each source alone needs for the same validations: the bot's own jobs and adapters ask it, as many at once as a
 * worker does, and every other source answers at once with what it said before. No Slack, Linear, store or queue.
 * Argument: how many releases. Prints the milliseconds of each source.
 */
const releases = Number(process.argv[2]);
const settings = readSettings();
const reading = await loadCatalogue(settings.cataloguePath, knowledge);
const { sentry } = settings;
if (!reading.ok || !sentry) throw new Error('The catalogue or the settings of the benchmark are wrong');
const { catalogue } = reading;
const [phase] = catalogue.phases;
if (!phase) throw new Error('The catalogue of the benchmark has no phase');
const timeoutMs = 15_000;
const real: Sources = {
  codeHost: codeHostOf({ ...settings.gitlab, timeoutMs }),
  web: new HttpWebProbe(),
  errors: new SentryTracker({ ...sentry, timeoutMs }),
  logs: new CloudWatchLogs({ timeoutMs }),
  containers: new EcsContainers({ timeoutMs }),
};
const plan = planOf(phase);
const known = new Map<string, Promise<unknown>>();
/** One moment for all, so that every question is asked again in the same words. */
const moment = new Date();
const ids = Array.from({ length: releases }, (_, at) => `r-${at}`);

/** The source, asked once for each question. */
function remembered<T extends object>(source: T): T {
  return new Proxy(source, {
    get: (target, method) => {
      const ask: unknown = Reflect.get(target, method);
      if (typeof ask !== 'function') return ask;
      return (...args: unknown[]) => {
        const key = `${String(method)} ${JSON.stringify(args.filter((arg) => !(arg instanceof AbortSignal)))}`;
        // Some answer with a value and not with a promise.
        if (!known.has(key)) {
          const answer: unknown = Reflect.apply(ask, target, args);
          if (!(answer instanceof Promise)) return answer;
          known.set(key, answer);
        }
        return known.get(key);
      };
    },
  });
}

function sourcesBut(name: SourceName | null): Sources {
  const entries = Object.entries(real).map(([one, source]) => [
    one,
    one === name ? source : remembered(source),
  ]);
  return Object.fromEntries(entries) as unknown as Sources;
}

async function candidatesFrom(sources: Sources): Promise<Candidate[]> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const store = memoryStore();
  const now = () => new Date();
  const secrets = { remove: async (text: string) => text };
  const { settleMs } = settings;
  const deps: ReleaseDeps = { store, sources, catalogue, secrets, digest: sha256, now, log, settleMs };
  const identify = identifyCandidate(deps);
  const one = async (id: string): Promise<Candidate> => {
    await opened(deps, id, plan);
    const work = { kind: 'identify', key: id, payload: null, memo: null, failures: 0 } as const;
    while ((await identify(work, new AbortController().signal)).next !== 'done');
    const { state } = await store.read(releaseStream, id);
    if (!state?.candidate) throw new Error('What should be running was not found out');
    return state.candidate;
  };
  return pMap(ids, one, { concurrency: concurrency.identify });
}

async function opened({ store, digest, now }: ReleaseDeps, id: string, wanted: Plan): Promise<void> {
  if (!phase) return;
  const { environment, url } = phase;
  const acted = open(null, { name: id, plan: wanted, environment, url, channel: '' });
  if ('problem' in acted) throw new Error(acted.problem.what);
  await store.change(releaseStream, id, () => ({ events: acted.events, actor: 'bench' }));
  await recordRelease({ store, digest, now }, id, () => []);
}

async function play(sources: Sources, candidates: readonly Candidate[]): Promise<void> {
  const all = candidates.flatMap((candidate) => gatesOf(plan).map(({ gate }) => ({ candidate, gate })));
  const { signal } = new AbortController();
  await pMap(
    all,
    async ({ candidate, gate }) => {
      const check = findCheck(gate.check ?? '');
      await check?.run(candidate, gate.with, sources, signal, () => moment);
    },
    { concurrency: concurrency.check },
  );
}

const warm = sourcesBut(null);
const candidates = await candidatesFrom(warm);
await play(warm, candidates);
const times: Record<string, number> = {};
for (const name of Object.keys(real) as SourceName[]) {
  const sources = sourcesBut(name);
  const began = performance.now();
  // Only GitLab is asked what should be running.
  const found = name === 'codeHost' ? await candidatesFrom(sources) : candidates;
  await play(sources, found);
  times[name] = performance.now() - began;
}
process.stdout.write(`${JSON.stringify(times)}\n`);
process.exit(0);
