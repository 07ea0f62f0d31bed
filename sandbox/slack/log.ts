import type { JsonObject } from '../shared/json.ts';

/** One thing the app asked of Slack, or answered to it. */
export interface LogEntry {
  /** ISO time. */
  at: string;
  /** A Web API method, `response_url`, or `ack` (an answer Slack could not use). */
  method: string;
  /** The arguments, long texts cut and blocks counted. */
  arguments: JsonObject;
  ok: boolean;
  /** Slack's error code, or the injected fault's kind. */
  error: string | null;
  /** Slack's own words about what was wrong with the payload. */
  messages: string[];
  /** Set when an injected fault answered instead of Slack: not a refusal. */
  injected: boolean;
  /** Milliseconds from request to answer. */
  tookMs: number;
}

/** What the app did; kept in memory, the newest 20,000. */
export class RequestLog {
  private entries: LogEntry[] = [];

  add(entry: Omit<LogEntry, 'at'>): void {
    this.entries.push({ at: new Date().toISOString(), ...entry });
    if (this.entries.length > 20_000) this.entries = this.entries.slice(-10_000);
  }

  list(method: string | null): LogEntry[] {
    return method === null ? this.entries : this.entries.filter((entry) => entry.method === method);
  }

  /** Only what Slack itself refused: tests assert that this stays empty. */
  refusals(): LogEntry[] {
    return this.entries.filter((entry) => !entry.ok && !entry.injected);
  }

  clear(): void {
    this.entries = [];
  }
}

/** Makes arguments short enough to read. */
export function summarise(args: JsonObject): JsonObject {
  const shortened = Object.entries(args)
    .filter(([name, value]) => name !== 'token' && value !== undefined)
    .map(([name, value]) => [name, shorten(name, value)]);
  return Object.fromEntries(shortened);
}

function shorten(name: string, value: unknown): unknown {
  if (name === 'blocks' && Array.isArray(value)) return `${value.length} blocks`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length})` : value;
}
