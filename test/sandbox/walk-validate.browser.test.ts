import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linearControl } from '../../sandbox/linear/control-client.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { type Sandbox, startSandbox } from '../../sandbox/town.ts';
import { browserArgs, chromiumPath, hasChromium } from './page/stage.ts';

/** Each step leaves a picture here, for people to look at. */
const pictures = join(import.meta.dirname, '..', '..', '.data', 'screenshots');

const suite = hasChromium
  ? 'a newcomer validates a release in the sandbox'
  : `a newcomer validates a release in the sandbox (skipped: no ${chromiumPath})`;

describe.skipIf(!hasChromium)(suite, { timeout: 240_000 }, () => {
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    sandbox = await startSandbox({ port: 0 });
    browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args: browserArgs });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    await page.goto(sandbox.addresses.page);
    await page.getByText('Bot connected').waitFor();
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  const picture = (name: string) => page.screenshot({ path: join(pictures, `validate-${name}.png`) });
  const say = async (text: string) => {
    await page.locator('#composer').focus();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const thread = () => page.getByRole('complementary', { name: 'Thread' });
  const messages = () => page.getByRole('region', { name: 'Messages' });
  const message = (title: string) => messages().getByRole('listitem').filter({ hasText: title }).first();
  const release = () => message('Staging validation');

  test('starts it with /release validate and watches the automated gates', async () => {
    await say('/release validate');
    await dialog('Validate release').waitFor();
    await picture('1-form');
    await page.keyboard.press('Control+Enter');
    await dialog('Validate release').waitFor({ state: 'detached' });
    await release().waitFor();
    await picture('2-started');
    await release().getByText('Deployment identity').waitFor();
    await picture('3-under-way');
    await expect.poll(() => release().textContent(), { timeout: 30_000 }).not.toMatch(/running|queued/);
    await picture('4-automated-gates-ended');
  });

  test('fills the checklist, and asks nothing twice', async () => {
    await release()
      .getByRole('button', { name: /checklist/i })
      .click();
    await dialog('Checklist').waitFor();
    await picture('5-checklist');
    await dialog('Checklist').getByRole('button', { name: 'Set workspace and depot' }).click();
    await dialog('Workspace and depot').waitFor();
    await picture('6-workspace');
    await page.keyboard.press('Control+Enter');
    await dialog('Workspace and depot').waitFor({ state: 'detached' });
    const answers = () => dialog('Checklist').getByRole('button', { name: /^Answer:/ });
    let left = await answers().count();
    expect(left).toBeGreaterThanOrEqual(19);
    await answers().first().click();
    await dialog('Answer').waitFor();
    await picture('7-item');
    for (; left > 0; left -= 1) {
      await dialog('Answer').getByRole('radio').first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => answers().count(), { timeout: 20_000 }).toBe(left - 1);
      if (left > 1) await answers().first().click();
      if (left > 1) await dialog('Answer').waitFor();
    }
    await picture('8-checklist-done');
    // The item's modal may still be closing above the checklist: one press for each that is open.
    await expect
      .poll(async () => {
        if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
        return page.getByRole('dialog').count();
      })
      .toBe(0);
  });

  test('gets a NO-GO that names the unlabelled merge request', async () => {
    await release().getByText('NO-GO').first().waitFor();
    await picture('9-no-go');
    await expect.poll(() => release().textContent()).toContain('Say why a charger is offline');
    await release().getByRole('button', { name: /repl/ }).click();
    await thread().getByText('NO-GO').first().waitFor();
    await picture('10-no-go-thread');
    await say('/release decide');
    await messages().getByText('DECISION: NO-GO').waitFor();
    await picture('11-decide');
  });

  test('labels it in the panel, presses re-check and gets GO', async () => {
    await page.getByRole('tab', { name: 'Staging' }).click();
    await picture('12-panel');
    await page.getByRole('button', { name: /^Add Validated in Staging/ }).click();
    await release()
      .getByRole('button', { name: /re-check failed/i })
      .click();
    const verdict = () => release().textContent();
    // Not the NO-GO of before: nothing but a sign stands before the word.
    await expect.poll(verdict, { timeout: 60_000 }).toMatch(/(?<![-\w])GO · Release/);
    await thread().getByText('Decision 2').waitFor();
    await picture('13-go');
    expect(await slackControl(sandbox.addresses.slack).refusals()).toEqual([]);
  });

  test('sees the record in Linear with the right boxes ticked', async () => {
    await page.getByRole('tab', { name: 'Linear' }).click();
    const ticked = /ready for production promotion/;
    await expect
      .poll(async () => {
        const [issue] = await linearControl(sandbox.addresses.linear).issues();
        return issue?.description ?? '';
      })
      .toMatch(/\[[xX]\].*ready for production promotion/);
    await page.getByText(ticked).first().waitFor();
    await picture('14-linear');
    const [issue] = await linearControl(sandbox.addresses.linear).issues();
    const boxes = [...(issue?.description ?? '').matchAll(/^\s*[*-] \[([ xX])\] (.*)$/gm)];
    const open = boxes.filter(([, mark]) => mark === ' ').map(([, , text]) => text);
    expect(boxes.length).toBeGreaterThan(30);
    expect(open.filter((text) => !/Blocked/.test(text ?? ''))).toEqual([]);
    expect(await linearControl(sandbox.addresses.linear).issues()).toHaveLength(1);
  });
});
