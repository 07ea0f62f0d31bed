import type { Job } from './model.ts';

const usual: Record<string, string[]> = {
  migrate: [
    'Applying migration 0041_charger_limits ... done',
    'Applying migration 0042_session_index ... done',
    'Migrations completed: 2 applied, 0 pending',
  ],
};

const colour = (code: string, text: string) => `\u001b[${code}m${text}\u001b[0;m`;

/**
 * What the job has written so far, as a runner writes it: section marks, colours, then the lines of its script.
 * While it runs the last of them is still missing; a job that failed ends with its error.
 */
export function traceOf(job: Job, timestamps: boolean): string {
  const { startedAt } = job;
  if (!startedAt) return '';
  const at = Math.floor(startedAt.getTime() / 1000);
  const script = job.plan.kind === 'job' ? job.plan.script.log : undefined;
  const told = script ?? job.pipeline.project.spec.jobLogs?.[job.name];
  const written = told ?? usual[job.name] ?? [];
  const isCutShort = job.status === 'running' || (job.status === 'failed' && !told);
  const lines = [
    colour('0K', 'Running with gitlab-runner (simulated)'),
    `section_start:${at}:step_script\r\u001b[0K${colour('0K;36;1', 'Executing "step_script" stage of the job script')}`,
    colour('32;1', `$ ./ci/${job.name}`),
    ...(isCutShort ? written.slice(0, -1) : written),
  ];
  if (job.status === 'success')
    lines.push(`section_end:${at + 1}:step_script\r\u001b[0K${colour('32;1', 'Job succeeded')}`);
  if (job.status === 'failed')
    lines.push(
      `${job.name}: exit status 1`,
      colour('31;1', `ERROR: Job failed: ${job.failureReason ?? 'exit code 1'}`),
    );
  const stamped = (line: string, i: number) =>
    `${new Date(startedAt.getTime() + i * 100).toISOString().replace('Z', '000Z')} 00O ${line}`;
  return `${(timestamps ? lines.map(stamped) : lines).join('\n')}\n`;
}
