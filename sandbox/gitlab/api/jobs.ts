import { ApiError, forbidden, notFound } from '../grape.ts';
import { botLevel, type Job, mayWrite } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { isFinished } from '../status.ts';
import { type ApiRoute, type Call, created, jobOf, ok, readableBuilds } from './context.ts';

function writableJob(call: Call): Job {
  const job = jobOf(call);
  if (!mayWrite(job.pipeline.project, job.pipeline.ref, botLevel(job.pipeline.project))) throw forbidden();
  return job;
}

function retryJob(call: Call) {
  const job = writableJob(call);
  if (job.retried || !isFinished(job.status) || job.status === 'skipped')
    throw new ApiError(403, { message: '403 Forbidden - Job is not retryable' });
  return created(call.api.entities.job(call.api.runner.retryJob(job)));
}

function playJob(call: Call) {
  const job = writableJob(call);
  if (job.status !== 'manual') throw new ApiError(400, { message: '400 Bad request - Unplayable Job' });
  call.api.runner.play(job);
  return ok(call.api.entities.job(job));
}

/** What the job has written so far: enough to show that a log is one. */
export function traceOf(job: Job): string {
  if (!job.startedAt) return '';
  const lines = ['Running with gitlab-runner (simulated)', `$ ./ci/${job.name}`];
  if (job.status === 'success') lines.push('Job succeeded');
  if (job.status === 'failed')
    lines.push(`${job.name}: exit status 1`, `ERROR: Job failed: ${job.failureReason ?? 'exit code 1'}`);
  return `${lines.join('\n')}\n`;
}

function listDeployments(call: Call) {
  const project = readableBuilds(call);
  const environment = call.params.string('environment');
  const status = call.params.oneOf('status', [
    'created',
    'running',
    'success',
    'failed',
    'canceled',
  ] as const);
  const direction = call.params.oneOf('sort', ['asc', 'desc'] as const) ?? 'asc';
  const at = pageParams(call.params);
  call.params.check();
  const found = call.api.forge.deployments
    .filter((deployment) => deployment.job.pipeline.project === project)
    .filter((deployment) => environment === undefined || deployment.environment === environment)
    .filter((deployment) => status === undefined || deployment.status === status)
    .sort((a, b) => (direction === 'asc' ? a.id - b.id : b.id - a.id));
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((deployment) => call.api.entities.deployment(deployment)),
    page.headers,
  );
}

function getDeployment(call: Call) {
  const project = readableBuilds(call);
  const found = call.api.forge.deployments.find(
    (deployment) =>
      String(deployment.id) === call.path['deployment_id'] && deployment.job.pipeline.project === project,
  );
  if (!found) throw notFound();
  return ok(call.api.entities.deployment(found));
}

/** Jobs with their logs, and the deployments that they made. */
export const jobRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id',
    handle: (call) => ok(call.api.entities.job(jobOf(call))),
  },
  { method: 'GET', path: '/projects/:id/jobs/:job_id/trace', handle: (call) => ok(traceOf(jobOf(call))) },
  { method: 'POST', path: '/projects/:id/jobs/:job_id/retry', handle: retryJob },
  { method: 'POST', path: '/projects/:id/jobs/:job_id/play', handle: playJob },
  { method: 'GET', path: '/projects/:id/deployments', handle: listDeployments },
  { method: 'GET', path: '/projects/:id/deployments/:deployment_id', handle: getDeployment },
];
