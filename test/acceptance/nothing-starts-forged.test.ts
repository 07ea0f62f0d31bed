import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { catalogueOf, nora, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { type Archive, archiveOf, innards, type Scene, sceneOf } from './support/scene.ts';
import { craftedSubmit, sendSigned } from './support/signed.ts';

const cutOff = 'bring-all-code-to-release-branch';

describe('what does not come from Slack or GitLab, or not from the modal', () => {
  let town: Town;
  let scene: Scene;
  let archive: Archive;
  beforeAll(async () => {
    town = await startTown({ http: true, catalogue: catalogueOf(3) });
    scene = sceneOf(town);
    archive = archiveOf(town);
  });
  afterAll(async () => {
    await archive.close();
    await town.stop();
  });
  const nothingStarted = async () => {
    expect(await archive.ids()).toEqual([]);
    expect(await scene.started()).toEqual([]);
    expect(await scene.parents()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
  };

  describe('a crafted submit', () => {
    afterEach(nothingStarted);
    const submit = (chosen: Parameters<typeof craftedSubmit>[2], user = rita) =>
      sendSigned(town, { fields: craftedSubmit(town, user, chosen) });

    test.each([
      ['rollback', 'rollback'],
      ['the variable itself', 'ORCHESTRATION_RELEASE'],
      ['the word of the command', 'cutoff'],
      ['another case', cutOff.toUpperCase()],
      ['nothing', undefined],
    ])('with %s for an action is refused beside the action', async (_what, action) => {
      const { status, text } = await submit({ action, project: 'p-001' });
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        response_action: 'errors',
        errors: { action: 'No action is chosen. Choose what you need to do.' },
      });
    });

    test.each([
      ['a project of nobody', 'p-999'],
      ['the GitLab path', 'betterfleet/p-001'],
      ['another case', 'P-001'],
      ['two projects', 'p-001,p-002'],
      ['all and one', 'all p-001'],
      ['a name of the language', '__proto__'],
      ['a path upwards', 'betterfleet/../p-001'],
      ['a ping', '<!channel>'],
      ['75 letters', 'p'.repeat(75)],
    ])('with %s for a project is refused', async (_what, project) => {
      const { text } = await submit({ action: cutOff, project });
      expect(text).toContain('There is no project');
      expect(text).toContain('Type `/release`, and choose from the list');
      expect(text).not.toMatch(innards);
    });

    test('without a project is refused beside the project', async () => {
      const { text } = await submit({ action: cutOff });
      expect(JSON.parse(text)).toMatchObject({ errors: { project: expect.stringContaining('No project') } });
    });

    test.each([[[]], [['no']], [['YES']]])(
      'with %j for confirm is refused beside confirm',
      async (confirm) => {
        const { text } = await submit({ action: cutOff, project: 'p-001', confirm });
        expect(JSON.parse(text)).toMatchObject({
          errors: { confirm: expect.stringContaining('not ticked') },
        });
      },
    );

    test('by a person without the role is refused', async () => {
      const { text } = await submit({ action: cutOff, project: 'all' }, nora);
      expect(text).toContain('You do not have the role');
      expect(text).toContain('<!subteam^S0RELENG>');
    });
  });

  describe('a request that Slack did not sign', () => {
    afterEach(nothingStarted);
    test.each([
      ['with another secret', { secret: 'not the secret' }],
      ['without a signature', { secret: null }],
      ['six minutes ago', { ageSeconds: 360 }],
      ['for another project', { tamper: (body: string) => body.replace('p-001', 'p-002') }],
      ['for more than was signed', { tamper: (body: string) => `${body}&more=1` }],
    ])('(%s) is turned away and starts nothing', async (_what, how) => {
      const fields = craftedSubmit(town, rita, { action: cutOff, project: 'p-001' });
      const { status, text } = await sendSigned(town, { fields, ...how });
      expect(status).toBe(401);
      expect(text).not.toMatch(innards);
    });
  });

  describe('a webhook that GitLab did not sign', () => {
    afterEach(nothingStarted);
    const lie = {
      object_kind: 'pipeline',
      object_attributes: {
        id: 900_001,
        ref: 'release',
        variables: [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }],
      },
      project: { path_with_namespace: 'betterfleet/p-001' },
    };
    const body = JSON.stringify(lie);
    const signedBy = (token: string, at: Date) => ({
      'webhook-id': 'forged',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(token).sign('forged', at, body),
    });
    const stranger = `whsec_${Buffer.from('a token of somebody else').toString('base64')}`;
    const own = () => town.settings.gitlab.webhook.signingToken ?? '';
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

    test.each([
      ['unsigned', () => ({})],
      ['with a plain token instead', () => ({ 'x-gitlab-token': own() })],
      ['signed by somebody else', () => signedBy(stranger, new Date())],
      ['ten minutes old', () => signedBy(own(), ago(10))],
      ['signed for another body', () => ({ ...signedBy(own(), new Date()), 'webhook-id': 'another' })],
    ])('(%s) is turned away', async (_what, headers) => {
      const sent = await town.forge.forge({ event: 'Pipeline Hook', payload: lie, headers: headers() });
      expect(sent.status).toBe(401);
      await archive.rest();
    });

    test('(signed, but about a pipeline that GitLab does not know) starts no invocation', async () => {
      const headers = signedBy(own(), new Date());
      const sent = await town.forge.forge({ event: 'Pipeline Hook', payload: lie, headers });
      expect(sent.status).toBe(200);
    });

    test('(signed, but no pipeline event) is taken and ignored', async () => {
      const note = JSON.stringify({ object_kind: 'note' });
      const at = new Date();
      const headers = {
        'webhook-id': 'note',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(own()).sign('note', at, note),
      };
      const sent = await town.forge.forge({ event: 'Note Hook', payload: { object_kind: 'note' }, headers });
      expect(sent.status).toBe(200);
    });
  });

  test('and the same submit, as the modal sends it and Slack signs it, starts exactly one', async () => {
    const fields = craftedSubmit(town, rita, { action: cutOff, project: 'p-003' });
    const answers = await Promise.all([sendSigned(town, { fields }), sendSigned(town, { fields })]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, ''],
      [200, ''],
    ]);
    await scene.parent('Passed: Cut-off of p-003');
    expect(await scene.started()).toEqual(['betterfleet/p-003']);
  });
});
