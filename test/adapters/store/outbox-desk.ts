import { type LeasedWork, Outbox } from '../../../src/adapters/store/outbox.ts';
import { clock, database } from './stored.ts';

export const leaseMs = 10_000;

/** An outbox of its own, with one piece of work to order and to take on. */
export async function desk() {
  const { pool } = await database();
  const [both, time] = [pool(), clock()];
  const told: string[] = [];
  const outbox = new Outbox(both, time.now, () => told.push('work'));
  const order = (more: { once?: boolean; crowded?: boolean; payload?: unknown; at?: Date } = {}) =>
    outbox.order([{ kind: 'trigger', key: 'k', ...more }]);
  const newest = async (): Promise<string> => {
    const { rows } = await both.query<{ wanted: string }>(`select wanted from outbox where kind = 'trigger'`);
    return rows[0]?.wanted ?? '1';
  };
  /** Tries to take on the newest nudge, or the one given. */
  const attempt = async (owner = 'a', nudge?: number) =>
    outbox.lease({ kind: 'trigger', key: 'k', wanted: String(nudge ?? (await newest())) }, owner, leaseMs);
  const lease = async (owner = 'a'): Promise<LeasedWork> => {
    const leased = await attempt(owner);
    if (!leased || 'at' in leased) throw new Error(`not leased: ${JSON.stringify(leased)}`);
    return leased.work;
  };
  const later = (ms: number) => new Date(time.now().getTime() + ms);
  return { outbox, time, told, order, attempt, lease, later };
}
