import { expect, test } from 'vitest';
import { type Case, testRows } from './row-case.ts';
import { oldSha, type Play, play } from './support.ts';
import { PlayedWatch } from './watch.ts';

/** Rows 1 to 6 of the verdict table (facts: rollout verdict): whether it is there, ours, and still there. */

const denied: Play['beforehand'] = ({ control }) =>
  control.access({ operation: 'DescribeServices', allowed: false });
const digest = `sha256:${'7'.repeat(64)}`;

const cases: Case[] = [
  {
    says: '1: AWS does not let the bot look',
    script: 'healthy',
    beforehand: denied,
    goes: ['inconclusive 1'],
    reason: 'AWS does not let the bot look at the service.',
    remedy: "The platform team gives the bot's role the read rights of examples/iam; then re-check.",
  },
  {
    says: '1: the service is being deleted',
    script: 'draining',
    goes: ['waiting 16', 'fail 1'],
    reason: 'The service is being removed (DRAINING).',
    remedy: 'The service owner finds out who removed the service, and creates it again.',
  },
  {
    says: '1: the service was deleted',
    script: 'inactive',
    lateSeconds: 60,
    goes: ['fail 1'],
    reason: 'The service was removed (INACTIVE).',
    remedy: 'The service owner finds out who removed the service, and creates it again.',
  },
  {
    says: '2: the new task set of CodeDeploy becomes PRIMARY and steady',
    script: 'code-deploy',
    goes: ['waiting 2', 'pass 2'],
    reason: 'The new task set is PRIMARY and steady.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '2: an external controller does the same',
    script: 'external',
    goes: ['waiting 2', 'pass 2'],
    reason: 'The new task set is PRIMARY and steady.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '2: the new task set never becomes steady',
    script: 'code-deploy-stuck',
    goes: ['waiting 2', 'inconclusive 2'],
    reason: 'The new task set did not become PRIMARY and steady in time; CodeDeploy moves it.',
    remedy: 'The release engineer looks at the deployment in CodeDeploy, then re-checks.',
  },
  {
    says: '3: the definition was registered and never deployed',
    script: 'not-deployed',
    goes: ['waiting 3', 'fail 3'],
    reason: 'Not deployed: nothing changed since the apply, and the service still runs api:41.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: another build was deployed',
    script: 'healthy-fast',
    wish: { image: `registry.example/api:${'9'.repeat(40)}` },
    goes: ['waiting 3', 'fail 3'],
    reason: 'Not deployed: another build was deployed instead, and the service runs api:42.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: the tag is right, and what was pulled is another digest than the pipeline pushed',
    script: 'healthy-fast',
    expected: { digest },
    goes: ['waiting 16', 'waiting 3', 'fail 3'],
    reason: 'Not deployed: another build was deployed instead, and the service runs api:42.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: another revision runs than the pipeline says',
    script: 'healthy-fast',
    expected: { taskDefinition: 'api:99' },
    goes: ['waiting 3', 'fail 3'],
    reason: 'Not deployed: another build was deployed instead, and the service runs api:42.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: the apply changed nothing, for the release ran already',
    script: 'no-op',
    expected: { commit: oldSha },
    goes: ['waiting 3', 'inconclusive 3'],
    reason: 'There is no new deployment: the service ran api:41 before, and that is the release already.',
    remedy:
      'Nothing was deployed, so there is nothing to validate. The release engineer deploys again if it should have been.',
  },
  {
    says: '3: the image does not show which commit it is',
    script: 'healthy-fast',
    wish: { image: 'registry.example/api:latest' },
    goes: ['waiting 3', 'inconclusive 3'],
    reason: 'There is a new deployment, and nothing tells whether it is the release.',
    remedy:
      'The service owner lets the image show the commit (image-tag in the catalogue), or the pipeline names the task definition or the digest.',
  },
  {
    says: '4: ECS has rolled it back before anybody looked',
    script: 'rolled-back',
    lateSeconds: 110,
    goes: ['fail 4'],
    reason: 'ECS rolled the deployment back. The container api ended with exit code 1.',
    remedy: 'The service owner looks into the last lines of the task, corrects it and deploys again.',
  },
  {
    says: '4: somebody has ECS roll it back',
    script: 'rollback-by-person',
    goes: ['waiting 16', 'fail 4'],
    reason: 'ECS rolled the deployment back.',
    remedy:
      'The service owner looks into the first stopped task and the alarms, corrects it and deploys again.',
  },
  {
    says: '4: the roll back fails too',
    script: 'rollback-fails',
    lateSeconds: 300,
    goes: ['fail 4'],
    reason: 'The deployment failed, and its rollback failed too.',
    remedy:
      'The platform team looks at the service at once: what runs now is neither the release nor what was before.',
  },
  {
    says: '4: ECS gives it up without a roll back',
    script: 'crash-no-rollback',
    lateSeconds: 240,
    goes: ['fail 4'],
    reason: 'ECS gave the deployment up. The container api ended with exit code 1.',
    remedy: 'The service owner looks into the last lines of the task, corrects it and deploys again.',
  },
  {
    says: '5: somebody stops it',
    script: 'stopped',
    goes: ['waiting 16', 'fail 5'],
    reason: 'The deployment was stopped.',
    remedy: 'The release engineer finds out who stopped it, and deploys again when it may go on.',
  },
  {
    says: '6: another deployment takes over',
    script: 'superseded',
    goes: ['waiting 16', 'inconclusive 6'],
    reason: 'The deployment was superseded by OTHER.',
    remedy: 'The release engineer validates the deployment that runs now, or deploys this one again.',
  },
];

testRows(cases);

test.each([
  ['service', { service: 'nobody' }],
  ['cluster', { cluster: 'nowhere' }],
])('row 1: the %s is not there', async (what, place) => {
  const { town, subject } = await play({ script: 'healthy-fast' });
  const elsewhere = { ...subject, place: { ...subject.place, ...place } };
  expect((await new PlayedWatch(town, elsewhere, {}).look()).verdict).toMatchObject({
    row: 1,
    outcome: 'inconclusive',
    reason: `There is no such ${what} in ECS.`,
    deployment: null,
  });
});
