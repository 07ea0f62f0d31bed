import type { RegionReport } from '../core/promotion/report.ts';

/** What `gonogo validate` leaves for other programs; `version` counts up when a field changes its meaning or goes. */
export interface JsonReport {
  version: 1;
  tool: 'gonogo validate';
  /** ISO 8601 UTC. */
  at: string;
  /** As the command ended: 0 GO, 1 NO-GO, 2 not known. */
  exitCode: number;
  regions: RegionReport[];
}

/** The report as JSON, indented, with a line end. */
export function reportJson(report: RegionReport, exitCode: number, at: Date): string {
  const whole: JsonReport = {
    version: 1,
    tool: 'gonogo validate',
    at: at.toISOString(),
    exitCode,
    regions: [report],
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
