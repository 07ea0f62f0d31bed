/**
 * What the page must remember over a reload to put things right again, in the tab's session storage:
 * when an outage ends, and what a project was like before it was changed.
 */
type Memory<T> = () => Map<string, T>;

const keys = new Map<unknown, string>();

function memory<T>(key: string): Memory<T> {
  const read = () => new Map(JSON.parse(sessionStorage.getItem(key) ?? '[]') as [string, T][]);
  keys.set(read, key);
  return read;
}

/** By fault id: which toggle it belongs to, and when it ends (milliseconds since 1970). */
export const endings = memory<{ toggle: string; at: number }>('fault-endings');

/** By project and field: what stood there before the page changed it. */
export const originals = memory<unknown>('project-originals');

/** By project of Sentry: when its errors began to spike (milliseconds since 1970). Sentry does not list them. */
export const spikes = memory<number>('error-spikes');

export function remember<T>(from: Memory<T>, key: string, value: T): void {
  write(from, from().set(key, value));
}

export function forget<T>(from: Memory<T>, key: string): void {
  const map = from();
  map.delete(key);
  write(from, map);
}

function write<T>(to: Memory<T>, map: Map<string, T>): void {
  sessionStorage.setItem(keys.get(to) ?? '', JSON.stringify([...map]));
}
