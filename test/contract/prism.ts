import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A free port of the loopback interface. Somebody else may take it before it is used; then the start fails. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}

export interface Prism {
  url: string;
  close: () => Promise<void>;
}

/**
 * Runs `prism proxy --errors` for an OpenAPI document between a client and `upstream`: a wrong request gets
 * 422, a wrong answer 500, each with the violations by name. Rejects when Prism does not come up.
 */
export async function startPrism(document: unknown, upstream: string): Promise<Prism> {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-contract-'));
  const file = join(folder, 'openapi.json');
  await writeFile(file, JSON.stringify(document));
  const port = await freePort();
  const cli = join(import.meta.dirname, '../../node_modules/@stoplight/prism-cli/dist/index.js');
  const options = ['proxy', file, upstream, '--errors', '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(process.execPath, [cli, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const close = async () => {
    if (child.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (part: Buffer) => {
        output += part.toString();
        if (output.includes('Prism is listening')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`Prism ended at once:\n${output}`)));
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, close };
}
