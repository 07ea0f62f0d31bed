import { WebClient } from '@slack/web-api';
import type { Logger } from '../../core/ports.ts';
import { boltLogger } from './bolt-logger.ts';

export interface SlackSettings {
  botToken: string;
  apiUrl: string;
  delivery: { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string };
}

/** How long one call may take, in ms. */
const callTimeoutMs = 10_000;

/**
 * The Web API's retries are off: after an unclear answer it would post a message again, and on 429 it would
 * hold up everything else. Repeating is the outbox's work.
 */
export function clientOptions(apiUrl: string, log: Logger) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    timeout: callTimeoutMs,
    rejectRateLimitedCalls: true,
    logger: boltLogger(log),
  };
}

/** A Web API client for everything outside a request from Slack. */
export function createWebClient(
  { botToken, apiUrl }: Pick<SlackSettings, 'botToken' | 'apiUrl'>,
  log: Logger,
): WebClient {
  return new WebClient(botToken, clientOptions(apiUrl, log));
}
