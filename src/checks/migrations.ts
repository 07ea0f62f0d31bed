import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';
import { defineCheck } from './define-check.ts';
import { deployedSpan, partsOf } from './deployed-span.ts';
import { together } from './judgements.ts';
import { collectJobs, judgeJobs, type Terms } from './migration-job.ts';
import { collectLines, judgeLines } from './migration-log.ts';

const terms = z.array(z.string().min(1));

const params = z
  .strictObject({
    job: z
      .strictObject({
        project: z.string().describe('Id of the project whose deployment runs the job, also downstream.'),
        name: z.string().min(1).describe('The name of the job.'),
      })
      .optional()
      .describe('The job in GitLab that migrates.'),
    lines: z
      .strictObject({
        success: terms
          .default([])
          .describe('Texts of its log that show the success. Evidence only: the job says how it ended.'),
        failure: terms.default([]).describe('Texts of its log that no successful job may hold.'),
      })
      .optional()
      .describe("What to look for in the job's log."),
    log: z
      .strictObject({
        region: z.string().min(1),
        group: z.string().min(1).describe('The log group in CloudWatch.'),
        'stream-prefix': z.string().min(1).optional(),
        success: terms.min(1).describe('Texts of which one must appear after the deployment.'),
        failure: terms.default([]).describe('Texts of which none may appear after the deployment.'),
      })
      .optional()
      .describe('The log that the migration writes to.'),
    project: z
      .string()
      .optional()
      .describe(
        'Id of the project after whose deployment the log must tell. Default: that of the job, or all.',
      ),
    'time-limit': z
      .number()
      .int()
      .positive()
      .default(150)
      .describe('Seconds after the deployment until the success must stand in the log.'),
    lead: z
      .number()
      .int()
      .nonnegative()
      .max(3_600)
      .default(0)
      .describe(
        "Seconds before the deployment's end from which lines count: more than 0 where its pipeline waits for the service, which migrates meanwhile.",
      ),
  })
  .refine(({ job, log }) => job || log, {
    error: twoLines('needs job or log', 'Write at least one of them.'),
  })
  .refine(({ job, lines }) => job || !lines, {
    error: twoLines('has lines without a job', 'Name the job, or leave lines out.'),
  });

/** The database was migrated: by the job that did it, by the log, or by both (B3, C3). */
export const migrations = defineCheck({
  id: 'migrations',
  question: 'Did the database migrations succeed?',
  needs: ['codeHost', 'logs'],
  params,
  async collect(candidate, { job, lines, log, ...wanted }, { codeHost, logs }, signal, now) {
    const part = job && partsOf(candidate, job.project)[0];
    const looked: Terms = lines ?? { success: [], failure: [] };
    const jobs = job && {
      name: job.name,
      found: await collectJobs(part, job.name, looked, codeHost, signal),
    };
    if (!log) return { jobs, log: undefined };
    const deployed = deployedSpan(candidate, wanted.project ?? job?.project);
    if ('unknown' in deployed) return { jobs, log: deployed };
    const since = deployed.span.since;
    const from = new Date(since.getTime() - wanted.lead * 1_000);
    const place = { region: log.region, group: log.group, streamPrefix: log['stream-prefix'] ?? null };
    const read = await collectLines({ ...place, from, to: now }, log, logs, signal);
    return { jobs, log: { group: log.group, since, read } };
  },
  evaluate({ jobs, log }, wanted, now) {
    return together([
      ...(jobs ? [judgeJobs(jobs.name, jobs.found, now)] : []),
      ...(log && 'unknown' in log ? [log.unknown] : []),
      ...(log && 'read' in log ? [judgeLines(log, wanted['time-limit'], now)] : []),
    ]);
  },
});
