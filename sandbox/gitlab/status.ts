/** Every status GitLab gives a pipeline, in its own order (facts: Pipelines). */
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

export type PipelineStatus = (typeof pipelineStatuses)[number];

/** Whether nothing happens any more without a person: the statuses at which GitLab sets finished_at. */
export function isFinished(status: PipelineStatus): boolean {
  return status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
}
