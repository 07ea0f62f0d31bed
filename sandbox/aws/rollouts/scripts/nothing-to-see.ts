import { rollWell } from '../going-well.ts';
import type { Script } from '../script.ts';
import { fast } from '../tempo.ts';

export const nothingToSee: Script[] = [
  {
    id: 'zero',
    group: 'nothing to see',
    says: 'The service wants no task at all: it is stable with 0 of 0',
    desired: () => 0,
    play: (course) => void rollWell(course, fast),
  },
  {
    id: 'daemon-empty',
    group: 'nothing to see',
    says: 'A DAEMON service in a cluster without container instances',
    scheduling: 'DAEMON',
    desired: () => 0,
    play: (course) => void rollWell(course, fast),
  },
  {
    id: 'no-op',
    group: 'nothing to see',
    says: 'Terraform applied and changed nothing: there is no new deployment',
    begins: 'nothing',
    play: () => undefined,
  },
  {
    id: 'not-deployed',
    group: 'nothing to see',
    says: 'The new task definition is registered, but the service keeps its old deployment',
    begins: 'revision',
    play: () => undefined,
  },
];
