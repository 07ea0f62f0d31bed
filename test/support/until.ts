/**
 * Awaits a condition: asks again until it gives something, and fails with `what` after `timeoutMs`. The pause
 * between two questions only spares the processor; nothing depends on its length.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
