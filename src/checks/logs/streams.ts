/** Ids of tasks: 32 hex digits, or with hyphens as in older ones. */
const taskId = /(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * The task that writes to a stream, or null where its name does not say it. The awslogs driver names a stream
 * `prefix/container/task` (facts: logs), FireLens `prefix-container-firelens-task`. In a group that is read as a
 * whole, streams of the task's other containers are nobody's.
 *
 * @param container whose lines count; null: any
 */
export function taskOfStream(stream: string, container: string | null): string | null {
  const parts = stream.split('/');
  const last = parts.at(-1) ?? '';
  if (parts.length >= 3) return container === null || parts.at(-2) === container ? last : null;
  return taskId.exec(last)?.[0] ?? null;
}
