import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';
import type { FeatureFlag } from '../core/sources.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { type Stage, stageOf, stageWords } from './flag-stage.ts';
import { fail, inconclusive, oneLine, pass, seen, together } from './judgements.ts';

const flag = z.strictObject({
  name: z.string().min(1).describe('The name of the flag in GitLab.'),
  stage: z
    .enum(['off', 'on', 'users', 'list', 'percent'])
    .describe('For nobody, for everybody, for named users, for user lists, or for a share of the users.'),
  audience: z
    .union([z.array(z.string().min(1)).min(1), z.number().min(0).max(100)])
    .optional()
    .describe('The users or the user lists by name, or the share in percent.'),
  environment: z.string().optional().describe('Default: the environment that is validated.'),
});

const params = z.strictObject({
  project: z.string().describe('Id of the project that has the flags.'),
  flags: z
    .array(
      flag.refine(isWhole, {
        error: twoLines(
          'has an audience that does not go with its stage',
          'Write names for users and list, a number for percent, none for off and on.',
        ),
      }),
    )
    .min(1)
    .describe('Each flag with its intended stage and audience.'),
});
type IntendedFlag = z.output<typeof flag>;

/** Feature flags stand where the release means them to stand (B5). */
export const featureFlags = defineCheck({
  id: 'feature-flags',
  question: 'Do the feature flags have their intended stage and audience?',
  needs: ['codeHost'],
  params,
  async collect({ parts, environment }, { project }, { codeHost }, signal) {
    const part = parts.find((one) => one.project === project);
    return {
      environment,
      path: part?.path,
      flags: part ? await codeHost.featureFlags(part.path, signal) : [],
    };
  },
  evaluate({ environment, path, flags }, { project, flags: intended }, now): Judgement {
    if (path === undefined)
      return inconclusive(
        `This release has no project "${project}".`,
        'An admin corrects the gate in the catalogue, or the release engineer opens a release with that project.',
      );
    return together(intended.map((one) => judgeFlag(one, flags, environment, path, now)));
  },
});

function judgeFlag(
  intended: IntendedFlag,
  flags: readonly FeatureFlag[],
  candidateEnvironment: string,
  path: string,
  now: Date,
): Judgement {
  const { name } = intended;
  const environment = intended.environment ?? candidateEnvironment;
  const actual = flags.find((one) => one.name === name);
  if (!actual)
    return inconclusive(
      `${path} has no feature flag ${name}.`,
      'The owner of the feature creates the flag, or an admin corrects the gate in the catalogue.',
    );
  const stage = stageOf(actual, environment);
  const wanted = intendedStage(intended);
  const evidence = [
    seen(
      `${name} in ${environment}`,
      `${stageWords(stage)}; intended ${stageWords([wanted])}`,
      actual.url,
      now,
    ),
  ];
  if (stage.some(({ kind }) => kind === 'unknown'))
    return inconclusive(
      `The feature flag ${name} has a strategy in ${environment} that is not known here.`,
      'The owner of the feature looks at the flag in GitLab.',
      evidence,
    );
  if (stageWords(stage) === stageWords([wanted]))
    return pass('The feature flags have their intended stage and audience.', evidence);
  return fail(
    `The feature flag ${name} does not have its intended stage and audience in ${environment}.`,
    'The owner of the feature corrects the flag in GitLab, or an admin the intention in the catalogue; then somebody checks again.',
    evidence,
    [
      {
        id: `flag/${environment}/${name}`,
        title: oneLine(`${name}: ${stageWords(stage)}`),
        url: actual.url,
        signal: '',
      },
    ],
  );
}

function isWhole({ stage, audience }: IntendedFlag): boolean {
  if (stage === 'off' || stage === 'on') return audience === undefined;
  return stage === 'percent' ? typeof audience === 'number' : Array.isArray(audience);
}

function intendedStage({ stage, audience }: IntendedFlag): Stage {
  if (Array.isArray(audience)) return { kind: stage, audience: [...new Set(audience)].sort() };
  return { kind: stage, audience: audience === undefined ? [] : [String(audience)] };
}
