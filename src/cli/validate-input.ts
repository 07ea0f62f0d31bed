import type { SnapshotReport } from '../core/promotion/report.ts';
import type { Snapshot } from '../core/rollout/verdict.ts';
import { orThrow, readDigest, readDuration, readSubject, readTime, type Subject } from './pipeline-input.ts';
import type { JobSettings } from './pipeline-job.ts';

/** The arguments of `gonogo validate`, as they were typed. */
export interface ValidateOptions {
  service: string;
  region: string;
  commit: string;
  /** Take a snapshot, and judge nothing. */
  before?: boolean;
  /** Where the snapshot goes. */
  out?: string;
  appliedAt?: string;
  taskDefinition?: string;
  digest?: string;
  /** A file that `--before --out` wrote. */
  snapshot?: string;
  junit?: string;
  json?: string;
  timeout: string;
  until: string;
  catalogue?: string;
}

/** What is validated, and how long. */
export interface ValidateInput extends Subject {
  /** When the apply began, ISO 8601 UTC; null: only a snapshot that the bot keeps can tell. */
  appliedAt: string | null;
  /** When the pipeline or the job began, for where nothing better is known. */
  appliedAfter: string | null;
  taskDefinition: string | null;
  digest: string | null;
  before: Snapshot | null;
  timeoutMs: number;
  /** Whether the re-checks after a GO are waited for too. */
  untilFinal: boolean;
  /** Names this run of the command, for the bot. */
  source: string | null;
  pipeline: { id: number; url: string } | null;
}

/**
 * Reads the arguments; throws `WrongUse` with every fault.
 *
 * The apply's start: `--applied-at`, else the snapshot's time, else the beginning of the pipeline, which lies before
 * the apply in whichever job this runs; the image must show the commit all the same. The beginning of this job is the
 * last resort: in a job behind the apply's it is too late, and the new deployment then counts as old, never the
 * other way round.
 */
export function readValidateInput(
  options: ValidateOptions,
  snapshot: SnapshotReport | null,
  job: JobSettings['job'],
): ValidateInput {
  return orThrow((faults) => {
    const subject = readSubject(options, faults);
    if (snapshot) faults.push(...misfits(snapshot, subject));
    if (options.out !== undefined) faults.push('--out belongs to --before.');
    if (options.until !== 'decision' && options.until !== 'final')
      faults.push(`--until: "${options.until}" is neither decision nor final.`);
    return {
      ...subject,
      appliedAt: readTime('--applied-at', options.appliedAt, faults) ?? snapshot?.before.at ?? null,
      appliedAfter: job.pipelineCreatedAt ?? job.startedAt,
      taskDefinition: options.taskDefinition ?? null,
      digest: readDigest(options.digest, faults),
      before: snapshot?.before ?? null,
      timeoutMs: readDuration('--timeout', options.timeout, faults),
      untilFinal: options.until === 'final',
      source: job.id === null ? null : `job/${job.id}`,
      pipeline: job.pipeline,
    };
  });
}

/** A snapshot of something else proves nothing here. */
function misfits(snapshot: SnapshotReport, subject: Subject): string[] {
  return (['service', 'region', 'commit'] as const)
    .filter((key) => snapshot[key] !== subject[key])
    .map((key) => `--snapshot: it was taken for the ${key} ${snapshot[key]}, not ${subject[key]}.`);
}
