import { expect, test } from 'vitest';
import { CloudWatchLogs } from '../../src/adapters/aws/cloudwatch-logs.ts';
import { aws, options } from '../adapters/aws/stage.ts';
import { candidate, deployment, judged, part } from './support/release.ts';

/** The checks that read logs, against the simulated CloudWatch through the AWS SDK. */

const region = 'eu-west-1';
const group = '/ecs/manage-staging/bf-manage-core';
const stream = 'core/app/1';
const now = new Date();
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const about = candidate(part({ deployment: deployment({ at: minutesAgo(30) }) }));
/** A client of its own for each test: it keeps the address it first found. */
const sources = () => ({ logs: new CloudWatchLogs(options), codeHost: { deployments: async () => [] } });

test('error lines: no log, silence, quiet, then a spike', async () => {
  const { control } = await aws();
  const given = sources();
  const spike = () => judged('log-spike', { region, group }, given, about, now);
  expect(await spike()).toMatchObject({ outcome: 'inconclusive', reason: `There is no log group ${group}.` });
  await control.addLogGroup({ region, name: group });
  expect((await spike()).reason).toContain('no logs at all');
  await control.addBackground({
    region,
    group,
    stream,
    text: 'INFO up',
    perMinute: 1,
    from: minutesAgo(300),
  });
  expect(await spike()).toMatchObject({ outcome: 'pass', reason: 'No obvious spike.' });
  const lines = Array.from({ length: 30 }, () => ({ text: 'ERROR x', at: minutesAgo(5) }));
  await control.putLines({ region, group, stream, lines });
  expect((await spike()).blockers).toMatchObject([{ signal: '30 error lines in 10 min, 0.0 expected' }]);
});

test('a migration: silence, other lines, a success, then a failure', async () => {
  const { control } = await aws();
  const given = sources();
  await control.addLogGroup({ region, name: group });
  const log = { region, group, success: ['Migrated'], failure: ['Traceback'] };
  const run = async () => (await judged('migrations', { log }, given, about, now)).outcome;
  const write = (text: string) =>
    control.putLines({ region, group, stream, lines: [{ text, at: minutesAgo(20) }] });
  expect(await run()).toBe('inconclusive');
  await write('starting');
  expect(await run()).toBe('fail');
  await write('Migrated 3');
  expect(await run()).toBe('pass');
  await write('Traceback (most recent call last)');
  expect(await run()).toBe('fail');
});
