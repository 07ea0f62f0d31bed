import type { Judgement } from '../../../src/checks/define-check.ts';
import { checks } from '../../../src/checks/index.ts';
import type { PipelineTree } from '../../../src/core/pipeline.ts';
import type { Candidate, Deployment, Part } from '../../../src/core/release/candidate.ts';
import type { MergeRequest, PageLoad, PipelineJob, SourceName, Sources } from '../../../src/core/sources.ts';

/** Sunday noon; deployments of the tests ended an hour before. */
export const now = new Date('2026-11-22T12:00:00.000Z');
export const commit = 'abcdef1234567890abcdef1234567890abcdef12';
export const other = '1234567890abcdef1234567890abcdef12345678';
const path = 'fleet/core';

export function ago(seconds: number): string {
  return new Date(now.getTime() - seconds * 1_000).toISOString();
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  const url = 'https://gitlab.example/d/7';
  const at = ago(3_600);
  return { id: 7, sha: commit, ref: 'release', status: 'success', at, url, pipelineId: 70, ...change };
}

export function part(change: Partial<Part> = {}): Part {
  const id = { project: 'core', path, ref: 'release', commit };
  return { ...id, deployment: deployment(), shipped: [7], baseline: other, ...change };
}

export function candidate(...parts: Part[]): Candidate {
  const url = 'https://staging.example';
  return { release: 'r1', environment: 'staging', url, pass: 1, parts: parts.length > 0 ? parts : [part()] };
}

export function mergeRequest(iid: number, ...labels: string[]): MergeRequest {
  const url = `https://gitlab.example/mr/${iid}`;
  return { iid, title: `Change ${iid}`, author: 'sam', labels, url, mergedAt: ago(7_200) };
}

export function tree(status: string, change: Partial<PipelineTree> = {}): PipelineTree {
  const url = 'https://gitlab.example/p/70';
  return { id: 70, url, project: path, status, failedJobs: [], manualJobs: [], downstream: [], ...change };
}

export function job(name: string, status: string, id = 1): PipelineJob {
  return { id, name, status, url: `https://gitlab.example/j/${id}`, allowFailure: false };
}

type Loaded = Extract<PageLoad, { loaded: true }>;

export function loaded(change: Partial<Loaded> = {}): Loaded {
  const url = 'https://staging.example/';
  const fixed = { redirects: [], tookMs: 12, at: now.toISOString(), certificateUntil: null };
  return { ...fixed, loaded: true, status: 200, url, body: '', ...change };
}

export function unloaded(why: Extract<PageLoad, { loaded: false }>['why']): PageLoad {
  return { redirects: [], tookMs: 12, at: now.toISOString(), loaded: false, why, said: 'said so' };
}

/** The sources that a test gives, and of those the methods it gives: any other call fails the test. */
export type Given = { [Name in SourceName]?: Partial<Sources[Name]> };

function sourcesOf(given: Given): Sources {
  return strict('sources', Object.fromEntries(Object.entries(given).map(([n, s]) => [n, strict(n, s)])));
}

function strict<T extends object>(name: string, given: object): T {
  return new Proxy(given, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      // A client's methods look at its private fields, which the proxy has not.
      if (typeof found === 'function') return found.bind(target);
      if (found !== undefined) return found;
      throw new Error(`The test gives no ${name}.${String(key)}`);
    },
  }) as T;
}

/** Runs a check of the registry against the given sources at `now`. */
export function judged(
  id: string,
  params: unknown,
  given: Given,
  about: Candidate = candidate(),
  at: Date = now,
): Promise<Judgement> {
  const check = checks[id];
  if (!check) throw new Error(`There is no check ${id}`);
  const sources = sourcesOf({ codeHost: {}, web: {}, errors: {}, logs: {}, containers: {}, ...given });
  return check.run(about, params, sources, new AbortController().signal, () => at);
}
