import type { Row } from './report.ts';
import type { Stage } from './stage/process.ts';

export interface Effort {
  rounds: number;
  /** A fraction of the work, to see that the benchmark itself works; its numbers mean little. */
  quick: boolean;
}

/** One benchmark: what is measured and against what, and the measuring. */
export interface Case {
  name: string;
  /** How it is measured, for whoever reads the numbers. */
  about: string;
  run(stage: Stage, effort: Effort): Promise<Row[]>;
}
