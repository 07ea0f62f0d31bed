import { compilePattern } from './logs/pattern.ts';

/** What is wrong with a pattern of the catalogue, as the engine that will run it says; null when nothing is. */
export function patternFault(pattern: string): string | null {
  try {
    compilePattern(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
