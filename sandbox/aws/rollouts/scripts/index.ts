import type { Script } from '../script.ts';
import { doesNotStart } from './does-not-start.ts';
import { goesWell } from './goes-well.ts';
import { nothingToSee } from './nothing-to-see.ts';
import { otherControllers } from './other-controllers.ts';
import { shiftsTraffic } from './shifts-traffic.ts';
import { takenBack } from './taken-back.ts';
import { tasksFail } from './tasks-fail.ts';

/** Every script, in the order in which people see them. */
export const scripts: readonly Script[] = [
  ...goesWell,
  ...tasksFail,
  ...doesNotStart,
  ...takenBack,
  ...nothingToSee,
  ...shiftsTraffic,
  ...otherControllers,
];

export const scriptIds: readonly string[] = scripts.map(({ id }) => id);

export function scriptOf(id: string): Script | undefined {
  return scripts.find((script) => script.id === id);
}
