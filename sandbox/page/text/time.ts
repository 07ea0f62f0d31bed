/** Times as a person in Slack reads them, in the reader's own time zone and language. */

const clock = (date: Date, seconds = false) =>
  date.toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  });

/** A message's `ts` (seconds and a fraction) as a Date. */
export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

/** `21:05`. */
export function timeOf(ts: string): string {
  return clock(dateOf(ts));
}

/** `21:05` of an ISO time of today, else with its date. */
export function momentOf(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (startOfDay(date) === startOfDay(now)) return clock(date);
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${clock(date)}`;
}

/** `Friday, 20 November 2026 at 21:05`: what hovering over a time shows. */
export function fullTime(ts: string): string {
  return dateOf(ts).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' });
}

/** `Today`, `Yesterday`, or the date in words. */
export function dayOf(ts: string, now: Date = new Date()): string {
  return (
    nearDay(dateOf(ts), now) ??
    dateOf(ts).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' })
  );
}

function nearDay(date: Date, now: Date): string | undefined {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  return { '0': 'Today', '1': 'Yesterday', '-1': 'Tomorrow' }[String(days)];
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Fills in the `{tokens}` of `<!date^…>`. Slack's list of tokens; one that is none stays as written. */
export function formatDate(seconds: number, format: string, now: Date = new Date()): string {
  const date = new Date(seconds * 1000);
  const words = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString([], options);
  const forms: Record<string, () => string> = {
    date_num: () => words({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date_slash: () => words({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date: () => words({ year: 'numeric', month: 'long', day: 'numeric' }),
    date_short: () => words({ year: 'numeric', month: 'short', day: 'numeric' }),
    date_long: () => words({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
    time: () => clock(date),
    time_secs: () => clock(date, true),
    ago: () => ago(seconds, now),
  };
  return format.replace(/\{(\w+)\}/g, (token: string, name: string, offset: number) => {
    const form = forms[name.replace(/_pretty$/, '')];
    if (!form) return token;
    const near = name.endsWith('_pretty') ? nearDay(date, now) : undefined;
    return near === undefined ? form() : offset === 0 ? near : near.toLowerCase();
  });
}

function ago(seconds: number, now: Date): string {
  const passed = seconds - now.getTime() / 1000;
  const form = new Intl.RelativeTimeFormat([], { numeric: 'auto' });
  const size = Math.abs(passed);
  if (size < 60) return form.format(Math.round(passed), 'second');
  if (size < 3600) return form.format(Math.round(passed / 60), 'minute');
  if (size < 86_400) return form.format(Math.round(passed / 3600), 'hour');
  return form.format(Math.round(passed / 86_400), 'day');
}
