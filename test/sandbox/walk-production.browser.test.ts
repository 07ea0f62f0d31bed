import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { type Sandbox, startSandbox } from '../../sandbox/town.ts';
import { browserArgs, chromiumPath, hasChromium } from './page/stage.ts';

/** Each step leaves a picture here, for people to look at. */
const pictures = join(import.meta.dirname, '..', '..', '.data', 'screenshots');

const suite = hasChromium
  ? 'a newcomer deploys to production in the sandbox'
  : `a newcomer deploys to production in the sandbox (skipped: no ${chromiumPath})`;

describe.skipIf(!hasChromium)(suite, { timeout: 240_000 }, () => {
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    sandbox = await startSandbox({ port: 0 });
    browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args: browserArgs });
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    await page.goto(sandbox.addresses.page);
    await page.getByText('Bot connected').waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  const picture = (name: string) => page.screenshot({ path: join(pictures, `production-${name}.png`) });
  const thread = () => page.getByRole('complementary', { name: 'Thread' });
  const messages = () => page.getByRole('region', { name: 'Messages' });
  const deployment = (commit: string) =>
    messages()
      .getByRole('listitem')
      .filter({ hasText: `Deployment of Manage core ${commit}` })
      .first();
  const region = (name: string) => page.getByRole('group', { name });
  const nextCommit = async () =>
    (await page
      .getByRole('region', { name: 'Deployed next: the head of release' })
      .locator('code')
      .textContent()) ?? '';
  const statuses = async (commit: string) => {
    const { projects } = await gitlabControl(sandbox.addresses.gitlab).state();
    return projects
      .flatMap(({ commitStatuses }) => commitStatuses)
      .filter(({ sha }) => sha.startsWith(commit))
      .map(({ name, state }) => [name, state]);
  };
  let crashed = '';

  test('lets eu-west-1 crash, and deploys', async () => {
    await page.getByRole('tab', { name: 'Production' }).click();
    await region('eu-west-1').getByText('Gate open').waitFor();
    await region('us-east-1').getByText('Gate held').waitFor();
    await picture('1-panel');
    crashed = await nextCommit();
    expect(crashed).toMatch(/^[0-9a-f]{8}$/);
    await page.getByLabel('What happens in eu-west-1').selectOption({ label: 'Crash loop' });
    await page.getByRole('button', { name: 'Deploy to eu-west-1' }).press('Enter');
    await region('eu-west-1').getByText('Terraform applied').waitFor();
    await deployment(crashed).waitFor();
    await picture('2-deployed');
  });

  test('reads what failed, the exit code, the last lines and what to do', async () => {
    const told = () => deployment(crashed).textContent();
    await expect.poll(told, { timeout: 60_000 }).toMatch(/NO-GO in eu-west-1/);
    await picture('3-no-go');
    await deployment(crashed).getByRole('button', { name: /repl/ }).click();
    await thread().getByText('Stopped tasks').waitFor();
    await thread().getByText('Stopped tasks').scrollIntoViewIfNeeded();
    await picture('4-thread');
    const said = (await thread().textContent()) ?? '';
    expect(said).toContain('exit code 1');
    expect(said).toContain('Essential container in task exited');
    expect(said).toMatch(/Traceback.*__main__\.py.*settings\.py.*TARIFF_SERVICE_URL is not set/s);
    expect(said).toContain('Next:');
    await expect.poll(() => statuses(crashed)).toContainEqual(['gonogo/eu-west-1', 'failed']);
  });

  test('hands it over to the team that owns the service', async () => {
    await deployment(crashed).getByRole('button', { name: 'Hand over to Manage team' }).click();
    await thread().getByText('Manage team takes over eu-west-1').waitFor();
    await thread().getByText('@manage-team').first().scrollIntoViewIfNeeded();
    await picture('5-handed-over');
  });

  test('is held at the gate of us-east-1, and reads why', async () => {
    const us = region('us-east-1');
    await us.getByText('bf-manage-core in eu-west-1: NO-GO').waitFor();
    await page.getByRole('button', { name: 'Deploy to us-east-1' }).click();
    await us.getByText('was held: the job that asks the gate failed').waitFor();
    await us.getByRole('button', { name: 'Deploy anyway' }).waitFor();
    await us.scrollIntoViewIfNeeded();
    await picture('6-held');
    const { projects } = await gitlabControl(sandbox.addresses.gitlab).state();
    const environments = projects.flatMap(({ deployments }) =>
      deployments.map(({ environment }) => environment),
    );
    expect(environments.filter((one) => one === 'production/us-east-1')).toHaveLength(1);
  });

  test('insists, and the bot says NO-GO there too, because eu-west-1 comes first', async () => {
    await page.getByRole('button', { name: 'Deploy anyway' }).click();
    await region('us-east-1').getByText('Terraform applied').waitFor();
    const told = () => deployment(crashed).textContent();
    await expect.poll(told, { timeout: 60_000 }).toMatch(/eu-west-1 is not GO \(NO-GO\)/);
    await picture('7-out-of-order');
  });

  test('deploys another commit, which passes', async () => {
    await page.getByRole('button', { name: 'Bring a fix to release' }).click();
    await expect.poll(nextCommit).not.toBe(crashed);
    const fixed = await nextCommit();
    await page.getByLabel('What happens in eu-west-1').selectOption({ label: 'Healthy' });
    await page.getByRole('button', { name: 'Deploy to eu-west-1' }).click();
    await deployment(fixed).waitFor();
    await picture('8-fix-deployed');
    await expect.poll(() => deployment(fixed).textContent(), { timeout: 120_000 }).toMatch(/PASS/);
    await deployment(fixed).getByRole('button', { name: /repl/ }).click();
    await thread().getByText('PASS').first().waitFor();
    await picture('9-pass');
    await region('us-east-1').getByText('its validation is under way').waitFor();
    expect(await slackControl(sandbox.addresses.slack).refusals()).toEqual([]);
  });
});
