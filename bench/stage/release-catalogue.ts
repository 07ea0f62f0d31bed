import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { SlackWorld } from '../../sandbox/slack/world.ts';

/** Who validates in the benchmark, and 20 automated gates over all sources. */

const channel = 'C0RELEASES';
const group = 'S0RELENG';
const projects = ['bf-manage-core', 'bf-manage-web'];

export const validationChannel = channel;

/** One person a release: each opens theirs at the same moment. */
export function validators(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `U0VALID${String(at + 1).padStart(2, '0')}`);
}

export function validationWorld(count: number): Partial<SlackWorld> {
  const users = validators(count);
  return {
    people: users.map((id, at) => ({ id, name: `v${at + 1}`, realName: `Validator ${at + 1}` })),
    channels: [{ id: channel, name: 'releases', botIsMember: true }],
    userGroups: [{ id: group, handle: 'release-engineers', name: 'Release engineers', users }],
    commands: [{ command: '/release', description: 'Validate', usageHint: '[validate]' }],
  };
}

interface Gate {
  check: string;
  with?: object;
}

/** Ids are gate-01, gate-02 …, in this order. */
function gatesOver(site: string): Gate[] {
  const core = { project: 'bf-manage-core' };
  const ecs = { region: 'eu-west-1', cluster: 'manage-staging', service: 'bf-manage-core' };
  const logs = { region: 'eu-west-1', group: '/ecs/manage-staging/bf-manage-core' };
  const gates: Gate[] = [
    { check: 'merge-requests' },
    { check: 'pipeline' },
    { check: 'pipeline', with: { jobs: ['migrate'] } },
    { check: 'deployed-identity', with: { ...core, deployment: true, settle: 1 } },
    {
      check: 'deployed-identity',
      with: { project: 'bf-manage-web', deployment: true, settle: 1 },
    },
    { check: 'migrations', with: { job: { ...core, name: 'migrate' } } },
    {
      check: 'feature-flags',
      with: { project: 'bf-manage-web', flags: [{ name: 'new-overview', stage: 'on' }] },
    },
    ...['/', '/overview', '/chargers'].map(
      (path): Gate => ({ check: 'url-loads', with: { url: `${site}${path}` } }),
    ),
    {
      check: 'deployed-identity',
      with: { ...core, 'build-info': { url: `${site}/build-info` }, settle: 1 },
    },
    {
      check: 'http-health',
      with: { url: `${site}/health`, path: '$.checks.*', equals: 'ok' },
    },
    { check: 'error-spike', with: { projects: ['manage-backend'] } },
    { check: 'error-spike', with: { projects: ['manage-web'] } },
    { check: 'frontend-errors', with: { project: 'manage-web', pages: ['/overview'] } },
    { check: 'frontend-errors', with: { project: 'manage-web', pages: ['/chargers'] } },
    { check: 'log-spike', with: logs },
    { check: 'log-spike', with: { ...logs, terms: ['ERROR'] } },
    { check: 'deployed-identity', with: { ...core, ecs, settle: 1 } },
    { check: 'deployed-identity', with: { ...core, ecs, settle: 2 } },
  ];
  return gates;
}

/** Two groups, as many messages a release as a small team has. */
export async function writeValidation(file: string, site: string): Promise<void> {
  const gates = gatesOver(site).map(({ check, with: parameters }, at) => ({
    id: gateId(at),
    title: `Gate ${at + 1}`,
    check,
    ...(parameters && { with: parameters }),
  }));
  const half = gates.length / 2;
  const content = {
    version: 1,
    name: 'Benchmark',
    gitlab: { root: 'betterfleet/bf-dev' },
    projects: projects.map((id) => ({ id, path: `betterfleet/${id}` })),
    roles: { 'release-engineer': { groups: [group] } },
    channels: { releases: channel },
    phases: [
      {
        id: 'staging',
        name: 'Staging validation',
        environment: 'staging',
        url: site,
        projects,
        record: { team: 'REL', title: 'Validate {name}', labels: ['Kind: validation'] },
        groups: [
          { id: 'first', name: 'First half', gates: gates.slice(0, half) },
          { id: 'second', name: 'Second half', gates: gates.slice(half) },
        ],
      },
    ],
  };
  await writeFile(file, stringify(content));
}

function gateId(at: number): string {
  return `gate-${String(at + 1).padStart(2, '0')}`;
}
