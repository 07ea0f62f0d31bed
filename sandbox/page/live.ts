import type { Connection } from './store.ts';

const retryPause = 1000;

/**
 * Follows a stream of changes for as long as the page is visible (a browser allows few connections an
 * origin, and hidden tabs would use them up). `changed` is called at each change and after each reconnect,
 * `connection` whenever the stream is lost or back.
 */
export function follow(path: string, changed: () => void, connection: (now: Connection) => void): void {
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
    opened.addEventListener('open', () => {
      connection('live');
      changed();
    });
    opened.addEventListener('message', changed);
    opened.addEventListener('error', () => {
      connection('connecting');
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
