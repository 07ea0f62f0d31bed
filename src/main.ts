#!/usr/bin/env node
import { Command } from 'commander';
import { catalogueCheck, catalogueSchema } from './cli/catalogue-check.ts';
import { serve } from './serve.ts';

/** The `gonogo` command. Each subcommand answers with an exit code; 3 is wrong use everywhere. */
const program = new Command('gonogo')
  .description('Guided releases from Slack: cut-off, deploy, validate, GO or NO-GO.')
  .showSuggestionAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 3));

const exit = (code: Promise<number> | number) =>
  Promise.resolve(code).then((value) => {
    process.exitCode = value;
  });

program
  .command('serve')
  .description('run the bot: the Slack and HTTP edge, and the work')
  .option('--no-work', 'leave the work to `gonogo worker` processes')
  .action((options: { work: boolean }) => exit(serve({ edge: true, work: options.work }, process)));

program
  .command('worker')
  .description('run one more worker beside a bot')
  .action(() => exit(serve({ edge: false, work: true }, process)));

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

await program.parseAsync();
