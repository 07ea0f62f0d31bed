import type { Draw } from './draw.ts';
import type { FaultTown } from './town.ts';

/** Delays that a fault puts before or after an effect stay well under the time after which the bot looks, in ms. */
const delays = { slow: 300, lostAnswer: 700 };

/** What GitLab and Slack do wrong during one run: above all, taking a request and losing their answer. */
export async function addFaults({ forge, people }: FaultTown, draw: Draw): Promise<void> {
  const seed = () => draw.between(1, 1_000_000);
  const starting = 'POST /pipeline';
  for (const fault of [
    { kind: 'acceptThen502', route: starting, probability: 0.12 },
    { kind: 'acceptThenReset', route: starting, probability: 0.12 },
    { kind: 'acceptThenTimeout', route: starting, probability: 0.12, delayMs: delays.lostAnswer },
    { kind: 'http429', route: starting, probability: 0.08, retryAfter: 1 },
    { kind: 'http502', route: starting, probability: 0.05 },
    { kind: 'slow', route: starting, probability: 0.08, delayMs: delays.slow },
    { kind: 'http502', route: 'GET /pipelines/:id', probability: 0.05 },
    { kind: 'reset', route: 'GET /pipelines', probability: 0.1 },
    { kind: 'duplicateWebhook', probability: 0.3 },
    { kind: 'dropWebhook', probability: 0.2 },
    { kind: 'lateWebhook', probability: 0.2, delayMs: 1_500 },
  ] as const)
    await forge.addFault({ ...fault, seed: seed() });
  for (const method of ['chat.postMessage', 'chat.update'])
    for (const fault of [
      { kind: 'acceptThen502', probability: 0.06 },
      { kind: 'acceptThenReset', probability: 0.06 },
      { kind: 'acceptThenTimeout', probability: 0.06, delayMs: delays.lostAnswer },
      { kind: 'http500', probability: 0.04 },
      { kind: 'ratelimited', probability: 0.04, retryAfter: 1 },
      { kind: 'slow', probability: 0.06, delayMs: delays.slow },
    ] as const)
      await people.addFault({ ...fault, method, seed: seed() });
  for (const method of ['conversations.history', 'conversations.replies'])
    await people.addFault({ kind: 'http500', method, probability: 0.2, seed: seed() });
}

/** Ends all faults; gives how often they struck. */
export async function clearFaults({ forge, people }: FaultTown): Promise<number> {
  const faults = [...(await forge.faults()), ...(await people.faults())];
  await forge.removeFault();
  await people.clearFaults();
  return faults.reduce((sum, { struck }) => sum + struck, 0);
}
