import { waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { place, type SimulatedRollout } from '../stage/simulated-rollout.ts';

/** The delay of the SDK's waiter and of `aws ecs wait`, and how long the latter has patience, in s. */
const pollSeconds = 15;
const patienceSeconds = 600;
/** The pause that the waiter really makes between two polls, in s: the time of the world is moved instead. */
const noPause = 0.001;

/**
 * What `waitUntilServicesStable` of the SDK says of the rollout that has begun, and after how many simulated seconds:
 * the real waiter with its own acceptors, before each of whose later polls the time of the world leaps {@link pollSeconds}
 * ahead. Null: nothing within {@link patienceSeconds}.
 */
export async function servicesStable(
  at: SimulatedRollout,
): Promise<{ says: string; seconds: number } | null> {
  const { ecs, now, move } = at;
  const { cluster, service } = place;
  const began = now().getTime();
  const patience = new AbortController();
  let polls = 0;
  ecs.middlewareStack.add(
    (next) => async (args) => {
      if (now().getTime() - began + pollSeconds * 1_000 > patienceSeconds * 1_000) patience.abort();
      else if (polls > 0) await move(pollSeconds);
      polls += 1;
      return next(args);
    },
    { step: 'initialize', name: 'pollDelay' },
  );
  try {
    const { state } = await waitUntilServicesStable(
      {
        client: ecs,
        maxWaitTime: patienceSeconds,
        minDelay: noPause,
        maxDelay: noPause,
        abortSignal: patience.signal,
      },
      { cluster, services: [service] },
    );
    return { says: state.toLowerCase(), seconds: (now().getTime() - began) / 1_000 };
  } catch (error) {
    if (patience.signal.aborted) return null;
    throw error;
  } finally {
    ecs.middlewareStack.remove('pollDelay');
  }
}
