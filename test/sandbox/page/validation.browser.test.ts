import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { linearControl } from '../../../sandbox/linear/control-client.ts';
import { seedStagingRelease } from '../../../sandbox/scenes/staging-release.ts';
import { sentryControl } from '../../../sandbox/sentry/control-client.ts';
import { slackControl } from '../../../sandbox/slack/person.ts';
import { websiteControl } from '../../../sandbox/website/control-client.ts';
import { saved } from './gallery.ts';
import { chromiumPath, hasChromium, type Stage, setStage } from './stage.ts';

/** Pictures for people to look at. */
const pictures = join(import.meta.dirname, '..', '..', '..', '.data', 'screenshots');
const core = 'betterfleet/bf-manage-core';
const description = `## Gate 1: MR Staging Validation

- [x] GitLab query has no unresolved MRs missing \`Validated in Staging\`
- [ ] Any remaining MRs are explicitly excluded, see <https://gitlab.example/mrs>

## Outcome

- [ ] Staging release candidate is **ready**

Validated by: Rita`;

const suite = hasChromium
  ? 'a validation on the page'
  : `a validation on the page (skipped: no ${chromiumPath})`;

describe.skipIf(!hasChromium)(suite, { timeout: 30_000 }, () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    stage = await setStage();
    const website = websiteControl(stage.websiteControlUrl);
    await seedStagingRelease({ gitlab: gitlabControl(stage.gitlabUrl), website });
  }, 60_000);
  afterAll(async () => stage?.close());
  afterEach(async () => page.context().close());

  const picture = (name: string) => page.screenshot({ path: join(pictures, `page-${name}.png`) });
  const openTab = async (name: string) => {
    page = await stage.open();
    await page.getByRole('tab', { name, exact: true }).click();
  };
  const mergeRequest = async (iid: number) => {
    const { projects } = await gitlabControl(stage.gitlabUrl).state();
    const project = projects.find(({ path }) => path === core);
    return project?.mergeRequests.find((one) => one.iid === iid);
  };

  test('the merge request that nobody labelled is labelled, and unlabelled, by keyboard', async () => {
    await openTab('Staging');
    await page.getByText('1 without the label').waitFor();
    await picture('staging');
    await page.getByRole('button', { name: 'Add Validated in Staging: !5 of bf-manage-core' }).press('Enter');
    await page.getByText('All have the label').waitFor();
    expect((await mergeRequest(5))?.labels).toEqual(['Validated in Staging']);
    await page.getByRole('button', { name: 'Remove Validated in Staging: !5' }).press('Enter');
    await page.getByText('1 without the label').waitFor();
    expect((await mergeRequest(5))?.labels).toEqual([]);
  });

  test('a hotfix reaches staging by a pipeline of its own', async () => {
    await openTab('Staging');
    await page.getByRole('heading', { name: 'Merge requests on staging (7)' }).waitFor();
    await page.getByRole('button', { name: 'Deploy a hotfix to staging' }).press('Enter');
    await page.getByRole('heading', { name: 'Merge requests on staging (8)' }).waitFor();
    await page.getByText('Hotfix:').waitFor();
    const pipelines = await gitlabControl(stage.gitlabUrl).pipelines(core);
    expect(pipelines.at(-1)?.jobs.map(({ name }) => name)).toContain('migrate');
  });

  test('another build on the site shows without anything being pressed', async () => {
    await openTab('Staging');
    await page.getByText('version 2026.47.0').waitFor();
    await websiteControl(stage.websiteControlUrl).buildInfo({ version: '2026.48.0' });
    await page.getByText('version 2026.48.0').waitFor();
  });

  test('the site and what Sentry sees go wrong, and are mended', async () => {
    // Errors spike only after the latest deployment, which the test before may just have made.
    await gitlabControl(stage.gitlabUrl).age(45);
    await openTab('Staging');
    const names = [
      'The site answers nothing',
      'Its start page shows an error (500)',
      'Its health check fails',
      'It runs another build than was deployed',
      'Errors spike in manage-web',
      'Errors spike in manage-backend',
      'A new issue comes up in manage-web',
      'Error lines pile up in the backend’s log',
    ];
    for (const name of names) await page.getByRole('switch', { name, exact: true }).press('Space');
    await expect
      .poll(() => websiteControl(stage.websiteControlUrl).state())
      .toMatchObject({ outage: true, pages: { '/': { status: 500 }, '/health': { status: 503 } } });
    const state = await websiteControl(stage.websiteControlUrl).state();
    expect(state.pages['/build-info']?.body).not.toContain(state.buildInfo.commit);
    await expect.poll(() => errorsOf('manage-backend')).toBeGreaterThan(100);
    const logged = async () => JSON.stringify(await awsControl(stage.awsUrl).state());
    await expect.poll(logged).toContain('ERROR unhandled exception');
    const { issues } = await sentryControl(stage.sentryUrl).state();
    expect(issues).toMatchObject([{ status: 'unresolved', firstRelease: state.buildInfo.commit }]);
    await page.getByRole('tab', { name: 'What goes wrong' }).click();
    await page.getByText('8 going wrong now.').waitFor();
    await picture('what-goes-wrong');
    await page.getByRole('switch', { name: 'Errors spike in manage-backend' }).press('Space');
    await expect.poll(() => errorsOf('manage-backend')).toBeLessThan(100);
    await expect.poll(() => errorsOf('manage-web')).toBeGreaterThan(100);
    await page.getByRole('button', { name: 'Mend all' }).press('Enter');
    await page.getByText('Nothing goes wrong at the moment.').waitFor();
    expect(await logged()).not.toContain('ERROR unhandled exception');
    expect((await fetch(`${stage.websiteUrl}/health`)).status).toBe(200);
    expect(await (await fetch(`${stage.websiteUrl}/build-info`)).json()).toMatchObject(state.buildInfo);
  });

  /** Errors of the last half hour in staging, as Sentry tells them. */
  const errorsOf = async (project: string): Promise<number> => {
    const id = { 'manage-backend': '4501', 'manage-web': '4502' }[project];
    const query = `dataset=errors&yAxis=count()&statsPeriod=30m&interval=1m&environment=staging&project=${id}`;
    const answer = await fetch(
      `${stage.sentryUrl}/api/0/organizations/betterfleet/events-timeseries/?${query}`,
      { headers: { authorization: 'Bearer sandbox-sentry-token' } },
    );
    const { timeSeries } = (await answer.json()) as { timeSeries: { values: { value: number }[] }[] };
    return (timeSeries[0]?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  };

  test('the Linear issue is shown as it stands, and changes while one looks', async () => {
    const linear = linearControl(stage.linearUrl);
    await openTab('Linear');
    await page.getByText('No issue yet.').waitFor();
    const { identifier } = await linear.createIssue({
      title: 'Validate Manage staging release 2026.47',
      description,
      labels: ['SEV-2'],
    });
    await page.getByRole('link', { name: `${identifier} Validate Manage staging` }).waitFor();
    await page.getByText('1 of 3 boxes ticked').waitFor();
    await linear.toggle({ issue: identifier, box: 1 });
    await linear.comment({ issue: identifier, body: 'Gate 2 is **inconclusive**: `GitLab` did not answer' });
    await page.getByText('2 of 3 boxes ticked').waitFor();
    await page.getByRole('heading', { name: 'Comments (1)' }).waitFor();
    await picture('linear');
    await page.getByRole('switch', { name: 'Linear is down' }).press('Space');
    await expect.poll(() => linear.faults()).toMatchObject([{ kind: 'outage' }]);
    await page.getByRole('tab', { name: 'What goes wrong 1' }).waitFor();
    await page.getByRole('switch', { name: 'Linear is down' }).press('Space');
    await expect.poll(() => linear.faults()).toEqual([]);
  });

  test('a long message, three modals on top of each other and a reply to the channel are shown and used', async () => {
    page = await stage.open();
    await page.locator('#composer').fill('/release gallery');
    await page.locator('#composer').press('Enter');
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('replied to a thread:').waitFor();
    await messages.getByRole('button', { name: 'NO-GO: Manage staging 2026.47, one merge' }).press('Enter');
    await page.getByRole('complementary', { name: 'Thread' }).getByText('Also sent to the channel').waitFor();
    await picture('message');
    await page.keyboard.press('Escape');
    await messages.getByRole('button', { name: 'Open the checklist' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Item 50').waitFor();
    const scrolls =
      'document.querySelector(".modal-body").scrollHeight > document.querySelector(".modal-body").clientHeight';
    expect(await page.evaluate<boolean>(scrolls)).toBe(true);
    await picture('modal-100-blocks');
    await dialog.getByRole('button', { name: 'Answer' }).nth(30).press('Enter');
    await dialog.getByRole('radio', { name: 'Pass' }).press('Space');
    await dialog.getByLabel('Note').fill('Two lines,\nof which this is the second');
    await dialog.getByLabel('Evidence').fill('https://manage-staging.betterfleet.example/overview');
    await picture('modal-item');
    await dialog.getByRole('button', { name: 'Waive this item…' }).press('Enter');
    await dialog.getByLabel('Until').fill('2026-12-24');
    await picture('modal-waiver');
    await dialog.getByRole('button', { name: 'Ask for it' }).press('Enter');
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    // Back in the list, at the item that was answered.
    await dialog.getByText('Item 50').waitFor();
    const answered = dialog.getByRole('button', { name: 'Answer' }).nth(30);
    expect(await answered.evaluate((button) => button.matches(':focus'))).toBe(true);
    await picture('modal-back');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(saved).toMatchObject([
      { expiry: { expiry: { selected_date: '2026-12-24' } } },
      {
        outcome: { outcome: { selected_option: { value: 'pass' } } },
        note: { note: { value: 'Two lines,\nof which this is the second' } },
        evidence: { evidence: { value: 'https://manage-staging.betterfleet.example/overview' } },
      },
    ]);
    expect(await slackControl(stage.slackUrl).refusals()).toEqual([]);
  });
});
