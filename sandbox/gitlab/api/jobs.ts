import { ApiError, forbidden } from '../grape.ts';
import { traceOf } from '../job-log.ts';
import { botLevel, type Job, mayWrite } from '../model.ts';
import { isFinished } from '../status.ts';
import { type ApiRoute, type Call, created, jobOf, ok } from './context.ts';

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

/** Jobs and their logs. */
export const jobRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id',
    handle: (call) => ok(call.api.entities.job(jobOf(call))),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id/trace',
    handle: (call) => ok(traceOf(jobOf(call), call.api.forge.settings.jobLogTimestamps === true)),
  },
  { method: 'POST', path: '/projects/:id/jobs/:job_id/retry', handle: retryJob },
  { method: 'POST', path: '/projects/:id/jobs/:job_id/play', handle: playJob },
];
