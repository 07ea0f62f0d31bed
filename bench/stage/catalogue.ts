import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { SlackWorld } from '../../sandbox/slack/world.ts';

/** Who and what the benchmarks play with; the catalogue and the simulated Slack agree on these ids. */
export const engineer = 'U0RELENG';
export const releases = 'C0RELEASES';
const engineers = 'S0RELENG';
const root = 'betterfleet/bf-dev';

export const slackWorld: Partial<SlackWorld> = {
  people: [{ id: engineer, name: 'rita', realName: 'Rita Release' }],
  channels: [{ id: releases, name: 'releases', botIsMember: true }],
  userGroups: [{ id: engineers, handle: 'release-engineers', name: 'Release engineers', users: [engineer] }],
  commands: [{ command: '/release', description: 'Cut off, deploy, status', usageHint: '[cutoff|deploy]' }],
};

export interface CatalogueWish {
  projects: number;
  /** The bot's own pace of pipeline creation. */
  pipelinesPerMinute: number;
}

/** GitLab paths of the projects that {@link writeCatalogue} lists, p-001, p-002 … */
export function projectPaths(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `betterfleet/p-${String(at + 1).padStart(3, '0')}`);
}

/** Every path that GitLab must know for such a catalogue. */
export function gitlabPaths(count: number): string[] {
  return [...projectPaths(count), root];
}

/** Writes a catalogue whose engineers come from a user group, as in a real team. */
export async function writeCatalogue(file: string, wish: CatalogueWish): Promise<void> {
  const projects = projectPaths(wish.projects).map((path) => ({ id: path.split('/')[1], path }));
  const content = {
    version: 1,
    name: 'Benchmark',
    gitlab: { root },
    projects,
    roles: { 'release-engineer': { groups: [engineers] } },
    channels: { releases },
    limits: { 'pipelines-per-minute': wish.pipelinesPerMinute },
  };
  await writeFile(file, stringify(content));
}
