import type {
  ObservedDefinition,
  ObservedTask,
  ServiceDeployment,
} from '../../../core/rollout/observation.ts';
import type { Look } from '../../../core/rollout/sources.ts';
import type { Asked } from './asked.ts';
import type { Ended, Read } from './read.ts';

/** What was read of one service. */
interface Parts {
  tasks: Read<ObservedTask[]> | undefined;
  definitions: Read<ObservedDefinition[]> | undefined;
  serviceDeployments: Read<ServiceDeployment[]> | undefined;
  instances: Read<number | null> | undefined;
}

/** Puts a look together. A part that could not be read ends it: half of what is known would look like good news. */
export function lookOf(at: string, service: Read<Asked> | undefined, parts: Parts): Look {
  const { tasks, definitions, serviceDeployments, instances } = parts;
  for (const read of [service, tasks, definitions, serviceDeployments, instances])
    if (read && !('value' in read)) return endedLook(at, read);
  return {
    observation: {
      kind: 'service',
      at,
      service: valueIn(service).service,
      tasks: valueIn(tasks),
      definitions: valueIn(definitions),
      serviceDeployments: valueIn(serviceDeployments),
      instances: valueIn(instances),
    },
  };
}

function endedLook(at: string, ended: Ended): Look {
  if ('error' in ended) return ended;
  return { observation: { kind: 'nothing', at, ...ended.nothing } };
}

function valueIn<T>(read: Read<T> | undefined): T {
  if (!read || !('value' in read)) throw new Error('A part of a look was not read');
  return read.value;
}
