import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Gitlab } from '@gitbeaker/rest';
import { onTestFinished, vi } from 'vitest';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { type GitLabOptions, startGitLab } from '../../../sandbox/gitlab/server.ts';
import type { PipelineStatus } from '../../../sandbox/gitlab/status.ts';

/** A simulated GitLab for one test, sixty times faster than life, with a real client and its controls. */
export async function started(options: GitLabOptions = {}) {
  const gitlab = await startGitLab({ timeScale: 60, ...options });
  onTestFinished(() => gitlab.close());
  const client = new Gitlab({ host: gitlab.url, token: gitlab.token });
  const control = gitlabControl(gitlab.url);
  const reaches = (pipelineId: number, status: PipelineStatus) =>
    vi.waitFor(
      async () => {
        const found = (await control.pipelines()).find((pipeline) => pipeline.id === pipelineId);
        if (found?.status !== status) throw new Error(`pipeline ${pipelineId} is ${found?.status}`);
        return found;
      },
      { timeout: 10_000, interval: 20 },
    );
  /** A bare request, for what the client hides. */
  const api = (path: string, init: RequestInit = {}) =>
    fetch(`${gitlab.url}/api/v4${path}`, {
      ...init,
      headers: { 'private-token': gitlab.token, 'content-type': 'application/json', ...init.headers },
    });
  return { gitlab, client, control, reaches, api };
}

export interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Something that takes webhooks; `answers` decides the status of each (200 unless told). */
export async function receiver(answers: (n: number) => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(answers(received.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}
