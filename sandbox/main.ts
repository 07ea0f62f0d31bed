import { parseArgs } from 'node:util';
import { startSandbox } from './town.ts';

/** `npm run sandbox`: a working bot in the browser, against simulated services. Ends with Ctrl-C. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(
    'npm run sandbox [-- --json] [-- --port N]\n\n--json  print every address in one line of JSON, for scripts\n--port  port of the page (default: any free one)\n',
  );
} else {
  const town = await startSandbox({ port: Number(values.port) });
  if (values.json) process.stdout.write(`${JSON.stringify(town.addresses)}\n`);
  else
    process.stdout.write(
      `\n  gonogo sandbox: ${town.addresses.page}\n\n  Open it in a browser. Ctrl-C ends it.\n`,
    );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, async () => {
      await town.stop();
      process.exit(0);
    });
}
