import type { EventShape, Recorded, StreamKind } from '../../src/core/event.ts';
import type { Change, Snapshot, Store } from '../../src/core/ports.ts';

/** Streams in memory that answer at once: what the jobs of a release need of a store, and nothing more. */
export function memoryStore(): Store {
  const streams = new Map<string, Snapshot<unknown>>();
  const nothing = () => Promise.reject(new Error('No job of a release asks this'));
  const read = async <S, E extends EventShape>({ name }: StreamKind<S, E>, id: string) =>
    (streams.get(`${name}/${id}`) ?? { state: null, seq: 0 }) as Snapshot<S>;
  return {
    read,
    async change<S, E extends EventShape>(
      kind: StreamKind<S, E>,
      id: string,
      decide: (before: Snapshot<S>) => Change<E> | null,
    ) {
      const before = await read(kind, id);
      const change = decide(before);
      const at = new Date().toISOString();
      const after = (change?.events ?? []).reduce<Snapshot<S>>(({ state, seq }, event) => {
        const recorded = { ...event, seq: seq + 1, at, actor: change?.actor ?? '' } as Recorded<E>;
        return { state: kind.fold(id, state, recorded), seq: seq + 1 };
      }, before);
      streams.set(`${kind.name}/${id}`, after);
      return after;
    },
    latest: nothing,
    holderOf: nothing,
    history: nothing,
  };
}
