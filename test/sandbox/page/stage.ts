import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startAws } from '../../../sandbox/aws/server.ts';
import { startGitLab } from '../../../sandbox/gitlab/server.ts';
import { startLinear } from '../../../sandbox/linear/server.ts';
import { startPage } from '../../../sandbox/page-server.ts';
import { startSentry } from '../../../sandbox/sentry/server.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { startWebsite } from '../../../sandbox/website/server.ts';
import { startTinyApp } from './tiny-app.ts';

/** Where Debian and Ubuntu put Chromium; another place can be named in CHROMIUM. */
export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);

export const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The simulated services, a small app of the tests' own, the page, and a browser. */
export interface Stage {
  url: string;
  slackUrl: string;
  gitlabUrl: string;
  linearUrl: string;
  sentryUrl: string;
  websiteUrl: string;
  websiteControlUrl: string;
  awsUrl: string;
  browser: Browser;
  /** Opens the page and waits until the bot is connected. */
  open: (options?: { width?: number; height?: number; dark?: boolean }) => Promise<Page>;
  close: () => Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const slack = await startSlack({ timeScale: 60 });
  const gitlab = await startGitLab({ timeScale: 60 });
  const app = await startTinyApp(slack);
  const linear = await startLinear();
  const sentry = await startSentry();
  const website = await startWebsite({ tls: false });
  const aws = await startAws();
  const page = await startPage({
    slackUrl: slack.url,
    gitlabUrl: gitlab.url,
    linearUrl: linear.url,
    sentryUrl: sentry.url,
    websiteUrl: website.controlUrl,
    awsUrl: aws.url,
  });
  const browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args: browserArgs });
  return {
    url: page.url,
    slackUrl: slack.url,
    gitlabUrl: gitlab.url,
    linearUrl: linear.url,
    sentryUrl: sentry.url,
    websiteUrl: website.url,
    websiteControlUrl: website.controlUrl,
    awsUrl: aws.url,
    browser,
    open: async ({ width = 1280, height = 800, dark = false } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        locale: 'en-GB',
      });
      const opened = await context.newPage();
      opened.setDefaultTimeout(8000);
      await opened.goto(page.url);
      await opened.getByText('Bot connected').waitFor();
      return opened;
    },
    close: async () => {
      await browser.close();
      await page.close();
      await app.stop();
      await Promise.all([slack, gitlab, linear, sentry, website, aws].map((service) => service.close()));
    },
  };
}
