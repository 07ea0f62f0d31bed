import pMap from 'p-map';
import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';
import type { Deployment, Part } from '../core/release/candidate.ts';
import type { Containers, PageLoad } from '../core/sources.ts';
import { address, addressOf, mostBytes } from './addresses.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { partsOf } from './deployed-span.ts';
import { hasBegun, judgeBuildInfo, judgeDeployment, judgeImages } from './identity-sources.ts';
import { jsonPath } from './json-path.ts';
import { inconclusive, together, waiting } from './judgements.ts';

const concurrency = 4;
/** Deployments that never began are passed over; so many are read. */
const lookedThrough = 20;
const timeLimitMs = 10_000;
const checkAgainInMs = 10_000;

const params = z
  .strictObject({
    project: z.string().optional().describe('Id of the project whose commit must be running.'),
    'build-info': z
      .strictObject({ url: address, path: jsonPath.default('$.commit').describe('JSON path of the commit.') })
      .optional()
      .describe('An address that answers with the build as JSON.'),
    deployment: z.literal(true).optional().describe('What GitLab says was deployed last.'),
    ecs: z
      .strictObject({
        region: z.string().min(1),
        cluster: z.string().min(1),
        service: z.string().min(1),
        container: z.string().min(1).optional().describe('Only this container. Default: all of the task.'),
        digest: z
          .string()
          .regex(/^sha256:[0-9a-f]{64}$/, {
            error: twoLines('is no digest', 'Write sha256: and 64 hex digits.'),
          })
          .optional()
          .describe('The image digest to run. Default: the tag must hold the commit.'),
      })
      .optional()
      .describe('The service in ECS whose tasks must run the image.'),
    settle: z
      .number()
      .int()
      .nonnegative()
      .default(120)
      .describe('Seconds after the deployment for which the build before may still show.'),
  })
  .refine((given) => given['build-info'] || given.deployment || given.ecs, {
    error: twoLines('names no source', 'Write at least one of build-info, deployment and ecs.'),
  })
  .refine(({ project, ...given }) => project !== undefined || !(given['build-info'] || given.ecs), {
    error: twoLines(
      'does not say whose commit is meant',
      'Add project; only deployment alone looks at all of them.',
    ),
  });
type Params = z.output<typeof params>;

/** What each source says; undefined where it was not asked for. */
interface Facts {
  environment: string;
  parts: { part: Part; deployments: Deployment[] | undefined }[];
  buildInfo: { url: string; load: PageLoad } | undefined;
  running: Awaited<ReturnType<Containers['running']>> | undefined;
}

/** What runs in the environment is the intended commit, by each source that is named (B3). */
export const deployedIdentity = defineCheck({
  id: 'deployed-identity',
  question: 'Is the intended commit running?',
  needs: ['codeHost', 'web', 'containers'],
  params,
  async collect(candidate, wanted, { codeHost, web, containers }, signal): Promise<Facts> {
    const { environment } = candidate;
    const [parts, buildInfo, running] = await Promise.all([
      pMap(
        partsOf(candidate, wanted.project),
        async (part) => ({
          part,
          deployments:
            wanted.deployment && (await codeHost.deployments(part.path, environment, lookedThrough, signal)),
        }),
        { concurrency, signal },
      ),
      buildInfoOf(candidate.url, wanted['build-info']?.url, web, signal),
      wanted.ecs && containers.running(wanted.ecs, signal),
    ]);
    return { environment, parts, buildInfo, running };
  },
  evaluate(facts, wanted, now): Judgement {
    if (facts.parts.length === 0)
      return inconclusive(
        `This release has no project "${wanted.project ?? ''}".`,
        'An admin corrects the gate in the catalogue, or the release engineer opens a release with that project.',
      );
    return together(facts.parts.flatMap((one) => judgePart(one, facts, wanted, now)));
  },
});

async function buildInfoOf(
  environmentUrl: string,
  given: string | undefined,
  web: { load(url: string, limits: object, signal: AbortSignal): Promise<PageLoad> },
  signal: AbortSignal,
): Promise<Facts['buildInfo']> {
  if (given === undefined) return undefined;
  const url = addressOf(environmentUrl, given);
  return { url, load: await web.load(url, { timeLimitMs, maxBytes: mostBytes }, signal) };
}

function judgePart(
  { part, deployments }: Facts['parts'][number],
  { environment, buildInfo, running }: Facts,
  wanted: Params,
  now: Date,
): Judgement[] {
  const live = [
    ...(buildInfo && wanted['build-info']
      ? [judgeBuildInfo(part, buildInfo, wanted['build-info'].path)]
      : []),
    ...(running !== undefined && wanted.ecs ? [judgeImages(part, running, wanted.ecs, now)] : []),
  ];
  const begun = deployments?.filter(hasBegun);
  const deployed = begun?.[0] ?? part.deployment;
  const settling = deployed !== null && now.getTime() - Date.parse(deployed.at) < wanted.settle * 1_000;
  return [
    ...(begun ? [judgeDeployment(part, begun[0], environment, now)] : []),
    ...live.map((one) => (settling && one.outcome !== 'pass' ? settle(part, one) : one)),
  ];
}

/** Just after a deployment the build before may still be served, and a task may still be starting. */
function settle({ path }: Part, { evidence }: Judgement): Judgement {
  return waiting(`${path} was deployed a moment ago and does not show it yet.`, checkAgainInMs, evidence);
}
