import type { Logger } from '../../src/core/ports.ts';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: object;
  message: string;
}

/** A log that keeps its lines for a test to read, and shows errors when GONOGO_TEST_LOG is set. */
export function keptLog(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
    if (process.env['GONOGO_TEST_LOG']) console.error(level, message, fields);
  };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
