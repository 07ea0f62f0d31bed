/**
 * A GitLab pipeline with everything that hangs below it, and what it means for the target it serves.
 */

/** GitLab's pipeline states. Anything else is kept as it came and never counts as passed. */
export const pipelineStatuses = [
  'created',
  'waiting_for_resource',
  'preparing',
  'waiting_for_callback',
  'pending',
  'running',
  'success',
  'failed',
  'canceling',
  'canceled',
  'skipped',
  'manual',
  'scheduled',
] as const;

export interface PipelineRef {
  /** GitLab's id, unique in the instance. */
  id: number;
  /** Page for people. */
  url: string;
}

export interface PipelineTree extends PipelineRef {
  /** Full path of the project it runs in, as far as known. */
  project: string;
  /** GitLab's word, see {@link pipelineStatuses}. */
  status: string;
  /** Names of failed jobs that were not allowed to fail. */
  failedJobs: string[];
  /** Names of jobs that wait for a person to press play. */
  manualJobs: string[];
  downstream: Bridge[];
}

/** A trigger job. It is green as soon as its downstream pipeline exists, so its own status proves nothing. */
export interface Bridge {
  name: string;
  status: string;
  allowFailure: boolean;
  /** Null while, or because, no pipeline was created. */
  pipeline: PipelineTree | null;
}

/** What a pipeline says about its target. `manual` rests until a person in GitLab goes on. */
export type PipelineOutcome = 'running' | 'passed' | 'failed' | 'canceled' | 'skipped' | 'manual';

export interface PipelineVerdict {
  outcome: PipelineOutcome;
  /** What decided it, in plain words; empty for a plain pass or run. */
  detail: string;
  /** The pipeline to look at: the one that failed, or waits, or the top one. */
  url: string;
}

/**
 * Judges a pipeline and all its downstream pipelines: passed only when all of them are. The worst wins;
 * an unknown status counts as still running, so it can never turn into a pass by itself.
 */
export function judgePipeline(tree: PipelineTree): PipelineVerdict {
  const own = judgeOwn(tree);
  if (own.outcome === 'failed' || own.outcome === 'canceled' || own.outcome === 'skipped') return own;
  const below = tree.downstream
    .filter((bridge) => !bridge.allowFailure)
    .map((bridge) => judgeBridge(bridge, tree));
  const all = [own, ...below];
  for (const outcome of ['failed', 'canceled', 'running', 'manual', 'skipped'] as const) {
    const first = all.find((verdict) => verdict.outcome === outcome);
    if (first) return first;
  }
  return own;
}

function judgeOwn(tree: PipelineTree): PipelineVerdict {
  const { status, url } = tree;
  switch (status) {
    case 'success':
      return { outcome: 'passed', detail: '', url };
    case 'failed':
      return { outcome: 'failed', detail: failedDetail(tree), url };
    case 'canceled':
      return { outcome: 'canceled', detail: 'the pipeline was canceled in GitLab', url };
    case 'skipped':
      return { outcome: 'skipped', detail: 'GitLab skipped the pipeline: no job ran', url };
    case 'manual':
      return { outcome: 'manual', detail: manualDetail(tree), url };
    default:
      return {
        outcome: 'running',
        detail: known(status) ? '' : `GitLab reports the unknown status "${status}"`,
        url,
      };
  }
}

function judgeBridge(bridge: Bridge, parent: PipelineTree): PipelineVerdict {
  if (bridge.pipeline) {
    const verdict = judgePipeline(bridge.pipeline);
    if (verdict.outcome === 'passed') return verdict;
    const where = `downstream ${bridge.pipeline.project || bridge.name}`;
    return { ...verdict, detail: verdict.detail ? `${where}: ${verdict.detail}` : where };
  }
  const url = parent.url;
  if (bridge.status === 'failed')
    return { outcome: 'failed', detail: `trigger job "${bridge.name}" could not start its pipeline`, url };
  if (bridge.status === 'canceled')
    return { outcome: 'canceled', detail: `trigger job "${bridge.name}" was canceled`, url };
  // A manual or skipped trigger job starts nothing, and the pipeline's own status already says so.
  if (bridge.status === 'manual' || bridge.status === 'skipped')
    return { outcome: 'passed', detail: '', url };
  return { outcome: 'running', detail: `trigger job "${bridge.name}" has no pipeline yet`, url };
}

function failedDetail(tree: PipelineTree): string {
  if (tree.failedJobs.length === 0) return 'the pipeline failed';
  const shown = tree.failedJobs.slice(0, 3).map((name) => `"${name}"`);
  const rest = tree.failedJobs.length - shown.length;
  return `job ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} failed`;
}

function manualDetail(tree: PipelineTree): string {
  const job = tree.manualJobs[0];
  return job ? `job "${job}" waits for a person in GitLab` : 'the pipeline waits for a person in GitLab';
}

function known(status: string): boolean {
  return (pipelineStatuses as readonly string[]).includes(status);
}
