import { control } from '../services.ts';
import type { Worlds } from '../worlds.ts';
import type { FaultGroup } from './fault-list.ts';

const group = '/ecs/manage-staging/bf-manage-core';
const spikeText = 'ERROR unhandled exception in load_management.limits: division by zero';
const linesPerMinute = 30;
const minute = 60_000;

/** The lines that the panel lets pile up. */
function spikes({ aws }: Worlds) {
  const groups = (aws?.regions ?? []).flatMap(({ logGroups }) => logGroups);
  return groups
    .filter(({ name }) => name === group)
    .flatMap(({ background }) => background.filter(({ text }) => text === spikeText));
}

/** From half an hour ago, but not before staging was deployed to: what was there before is no spike. */
function beginning({ gitlab }: Worlds): string {
  return new Date(Math.max(Date.now() - 30 * minute, gitlab?.staging.deployedAt ?? 0)).toISOString();
}

const searching = 'FilterLogEvents';

/** What can go wrong in the backend's log, and with AWS itself. */
export const awsFaults: FaultGroup = {
  title: 'AWS',
  service: 'aws',
  toggles: [
    {
      id: 'log-spike',
      label: 'Error lines pile up in the backend’s log',
      service: 'aws',
      aboutStaging: true,
      deed: {
        put: async (worlds) =>
          void (await control('aws', 'POST', 'background', {
            group,
            text: spikeText,
            perMinute: linesPerMinute,
            from: beginning(worlds),
          })),
        takeBack: async (worlds) => {
          for (const { id } of spikes(worlds))
            await control('aws', 'POST', 'background/remove', { group, id });
        },
        isOn: (worlds) => spikes(worlds).length > 0,
      },
    },
    {
      id: 'logs-forbidden',
      label: 'The bot may not search logs',
      service: 'aws',
      deed: {
        put: async () =>
          void (await control('aws', 'POST', 'access', { operation: searching, allowed: false })),
        takeBack: async () =>
          void (await control('aws', 'POST', 'access', { operation: searching, allowed: true })),
        isOn: ({ aws }) => aws?.denied.includes(searching) === true,
      },
    },
    { id: 'aws-down', label: 'AWS is down', service: 'aws', fault: { kind: 'outage' } },
    {
      id: 'aws-too-many',
      label: 'AWS throttles the next 3 requests',
      service: 'aws',
      fault: { kind: 'throttle', times: 3 },
    },
  ],
};
