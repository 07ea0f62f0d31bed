#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import pino from 'pino';
import { catalogueCheck, catalogueSchema } from './cli/catalogue-check.ts';
import { addPipelineCommands } from './cli/pipeline-commands.ts';
import type { JobDeps } from './cli/pipeline-job.ts';
import { recordGuidance } from './cli/record-guidance.ts';
import { replayRelease } from './cli/replay.ts';
import { pipelineSecretsOf, readDatabaseSettings, readPipelineSettings, SettingsError } from './settings.ts';

/** The `gonogo` command. Each subcommand answers with an exit code; 3 is wrong use everywhere. */
const program = new Command('gonogo')
  .description(
    'Guided releases from Slack: cut-offs and deploys to staging, once each, followed to their end.',
  )
  .showSuggestionAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 3));

const log = pino(pino.destination({ dest: 2, sync: true }));

const exit = (code: Promise<number> | number) =>
  Promise.resolve(code).then((value) => {
    process.exitCode = value;
  });

// Each loads what it needs when it is run: a job of a pipeline does not wait for the bot to load, nor the bot for it.
const serve = async (duties: { edge: boolean; work: boolean }) =>
  exit((await import('./serve.ts')).serve(duties, process));

program
  .command('serve')
  .description('run the bot: the Slack and HTTP edge, and the work')
  .option('--no-work', 'leave the work to `gonogo worker` processes')
  .action((options: { work: boolean }) => serve({ edge: true, work: options.work }));

program
  .command('worker')
  .description('run one more worker beside a bot')
  .action(() => serve({ edge: false, work: true }));

const catalogue = program.command('catalogue').description('look after release.yml');
catalogue
  .command('check')
  .description('list every fault of a catalogue with its place')
  .argument('<file>')
  .action((file: string) => exit(catalogueCheck(file, process)));
catalogue
  .command('schema')
  .description('print the JSON Schema of a catalogue, for editors')
  .action(() => exit(catalogueSchema(process)));

const record = program.command('record').description('record what happened outside Slack');
record
  .command('guidance')
  .description('record that pages of operational guidance changed')
  .argument('<files...>')
  .option('--by <name>', 'who changed them', userInfo().username)
  .action((files: string[], { by }: { by: string }) =>
    exit(
      recordGuidance(files, by, readDatabaseSettings(), {
        ...process,
        now: () => new Date(),
        log,
      }),
    ),
  );

program
  .command('replay')
  .description('compute every decision of a release again from its events, and compare')
  .argument('<release>')
  .action((release: string) =>
    exit(replayRelease(release, readDatabaseSettings(), { ...process, now: () => new Date(), log })),
  );

/** Settings that are wrong are wrong use: no pipeline goes on by them. */
function jobDeps(): JobDeps {
  const settings = readPipelineSettings();
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    settings,
    secrets: pipelineSecretsOf(settings),
    now: () => new Date(),
    sleep: (ms) => pause(ms),
    unique: randomUUID,
    log: pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true })),
  };
}

addPipelineCommands(program, {
  validate: async (options) => exit((await import('./cli/validate.ts')).validate(options, jobDeps())),
  gate: async (options) => exit((await import('./cli/gate.ts')).gate(options, jobDeps())),
});

try {
  await program.parseAsync();
} catch (error) {
  // A person at a terminal gets a sentence; the log gets the cause.
  if (!(error instanceof SettingsError)) log.error({ err: error }, 'The command failed');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SettingsError ? 3 : 1;
}
