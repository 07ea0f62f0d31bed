import { isRecord } from '../services.ts';

/** Reading Block Kit JSON: it was validated by the simulated Slack, but its shape is only known at run time. */
export type Json = Record<string, unknown>;

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function record(value: unknown): Json | undefined {
  return isRecord(value) ? value : undefined;
}

/** The text of a text object, unescaped only by whoever draws it. */
export function textOf(value: unknown): string {
  return text(record(value)?.['text']);
}
