import type { Deployment, Part } from '../core/release/candidate.ts';
import type { Containers, PageLoad } from '../core/sources.ts';
import { whyUnloaded } from './addresses.ts';
import type { Judgement } from './define-check.ts';
import { shown, valuesAt } from './json-path.ts';
import { fail, inconclusive, oneLine, pass, seen, waiting } from './judgements.ts';
import { isUnended } from './pipeline-jobs.ts';
import { short, showsCommit } from './shows-commit.ts';

/** What each source says about the commit that runs. A part's `commit` is the intended one. */

const deployAgain =
  'The release engineer deploys the intended commit, or starts the next pass for what runs now.';

/** GitLab skips a deployment that a newer one overtook, and blocks one until somebody lets it go. */
export function hasBegun({ status }: Deployment): boolean {
  return status !== 'skipped' && status !== 'blocked';
}

/** By GitLab: the newest deployment must have succeeded, with the intended commit. */
export function judgeDeployment(
  { path, commit }: Part,
  newest: Deployment | undefined,
  environment: string,
  now: Date,
): Judgement {
  if (!newest)
    return inconclusive(
      `${path} has no deployment to ${environment} in GitLab.`,
      `The release engineer deploys ${path} to ${environment}, then starts the next pass.`,
    );
  const { status, sha, url } = newest;
  const evidence = [
    seen(`Deployment of ${path}`, `${sha} (${status}), intended ${commit}`, url, now),
    seen(`Deployment of ${path} at`, newest.at, url, now),
  ];
  if (isUnended(status)) return waiting(`${path} is being deployed to ${environment}.`, 10_000, evidence);
  const mend = 'The release engineer looks at the deployment in GitLab and starts it again.';
  if (status === 'failed')
    return fail(`The newest deployment of ${path} to ${environment} failed.`, mend, evidence);
  if (status !== 'success')
    return inconclusive(
      `The newest deployment of ${path} to ${environment} did not succeed: GitLab says ${oneLine(status)}.`,
      mend,
      evidence,
    );
  if (sha === commit) return pass('GitLab deployed the intended commits.', evidence);
  return fail(
    `GitLab deployed ${short(sha)} of ${path} to ${environment}, intended is ${short(commit)}.`,
    deployAgain,
    evidence,
  );
}

/** By the build that the site itself names; each value at the path must name the intended commit. */
export function judgeBuildInfo(
  { path: project, commit }: Part,
  { url, load }: { url: string; load: PageLoad },
  path: string,
): Judgement {
  const at = new Date(load.at);
  const mend = 'The owner of the site looks why it does not tell its build, then somebody checks again.';
  if (!load.loaded)
    return inconclusive(`The build at ${url} could not be read: ${whyUnloaded(load)}.`, mend, [
      seen(url, load.said, url, at),
    ]);
  if (load.status !== 200)
    return inconclusive(`The build at ${url} could not be read: status ${load.status}.`, mend, [
      seen(url, `status ${load.status}`, load.url, at),
    ]);
  const read = valuesAt(load.body, path);
  if ('why' in read) return inconclusive(`The build at ${url} could not be read: ${read.why}.`, mend);
  const values = read.values.map(shown);
  const evidence = [seen(`Build at ${url}`, `${values.join(', ')}, intended ${commit}`, load.url, at)];
  return judgeNames(values, commit, project, `The build at ${url}`, evidence);
}

type Running = Awaited<ReturnType<Containers['running']>>;

/** By the images of every running task, their tags or digests. */
export function judgeImages(
  { path: project, commit }: Part,
  running: Running,
  wanted: { region: string; service: string; container?: string | undefined; digest?: string | undefined },
  now: Date,
): Judgement {
  const where = `${wanted.service} in ${wanted.region}`;
  const look = 'The owner of the service looks at its tasks in ECS, then somebody checks again.';
  if (running === null)
    return inconclusive(
      `There is no service ${where}.`,
      'An admin corrects the gate in the catalogue, or the owner of the service creates it.',
    );
  const images = running.filter(({ container }) => (wanted.container ?? container) === container);
  if (images.length === 0) return inconclusive(`No task of ${where} runs that container.`, look);
  const intended = wanted.digest ?? commit;
  const evidence = images
    .slice(0, 20)
    .map(({ task, container, image, digest }) =>
      seen(`${container} of task ${task}`, `${image} ${digest ?? ''}, intended ${intended}`, null, now),
    );
  if (wanted.digest === undefined) {
    const tags = images.map(({ tag }) => tag ?? '');
    return judgeNames(tags, commit, project, `The image of ${where}`, evidence);
  }
  if (images.some(({ digest }) => digest !== null && digest !== wanted.digest))
    return fail(`${where} runs another image than the intended one.`, deployAgain, evidence);
  if (images.some(({ digest }) => digest === null))
    return inconclusive(`ECS does not tell the digest of every image of ${where}.`, look, evidence);
  return pass('The intended image is running.', evidence);
}

function judgeNames(
  names: readonly string[],
  commit: string,
  project: string,
  what: string,
  evidence: Judgement['evidence'],
): Judgement {
  const verdicts = names.map((name) => showsCommit(name, commit));
  if (verdicts.includes('different'))
    return fail(`${what} is not ${short(commit)} of ${project}, the intended commit.`, deployAgain, evidence);
  if (verdicts.includes('unknown'))
    return inconclusive(
      `${what} names no commit.`,
      `The owner of ${project} puts the commit into the build, or an admin names another source (or one container) in the catalogue.`,
      evidence,
    );
  return pass('The intended commit is running.', evidence);
}
