import { z } from 'zod';
import type { GateAnswer } from './gate.ts';

/**
 * What the bot says of the gate of one region. It repeats the whole question, so that an answer to another one, or
 * one that something in between has kept, opens nothing (F6).
 */
export const gateReport = z
  .object({
    version: z.literal(1),
    service: z.string(),
    region: z.string(),
    commit: z.string(),
    /** The word that the question came with; every question has its own. */
    asked: z.string(),
    open: z.boolean(),
    holds: z.array(
      z.object({
        service: z.string(),
        region: z.string(),
        /** Whether waiting can help; otherwise somebody has to do something. */
        canPass: z.boolean(),
        why: z.string(),
        todo: z.string(),
      }),
    ),
  })
  .refine(({ open, holds }) => open === (holds.length === 0), {
    error: 'says open and held at once',
  });
export type GateReport = z.infer<typeof gateReport>;

export interface GateQuestion {
  service: string;
  region: string;
  commit: string;
  asked: string;
}

export function gateReportOf(question: GateQuestion, { open, holds }: GateAnswer): GateReport {
  const { service, region, commit, asked } = question;
  return { version: 1, service, region, commit, asked, open, holds };
}

/** Whether a report answers this very question. */
export function answers(report: GateReport, question: GateQuestion): boolean {
  return (['service', 'region', 'commit', 'asked'] as const).every((key) => report[key] === question[key]);
}
