import { isRecord, type ServiceEvent } from './services.ts';

const retryPause = 1000;

/**
 * Follows the stream of changes for as long as the page is visible (a browser allows few connections an
 * origin, and hidden tabs would use them up). `changed` hears of each event, `lost` when the stream is lost; a
 * stream that is back tells of every service first.
 */
export function follow(path: string, changed: (event: ServiceEvent) => void, lost: () => void): void {
  let source: EventSource | null = null;
  let retry = 0;

  const stop = () => {
    source?.close();
    source = null;
    window.clearTimeout(retry);
  };
  const start = () => {
    stop();
    const opened = new EventSource(path);
    source = opened;
    opened.addEventListener('message', ({ data }) => {
      const event: unknown = JSON.parse(String(data));
      if (isRecord(event)) changed(event as unknown as ServiceEvent);
    });
    opened.addEventListener('error', () => {
      lost();
      // The browser tries again by itself only when the server had answered properly before.
      if (opened.readyState === EventSource.CLOSED) retry = window.setTimeout(start, retryPause);
    });
  };

  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
  start();
}

/** Runs `work` once at a time: a call while it runs has it run once more afterwards. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again: Promise<void> | null = null;
  const run = async () => {
    try {
      await work();
    } finally {
      running = null;
    }
  };
  return () => {
    if (!running) {
      running = run();
      return running;
    }
    again ??= running
      .catch(() => undefined)
      .then(() => {
        again = null;
        running = run();
        return running;
      });
    return again;
  };
}
