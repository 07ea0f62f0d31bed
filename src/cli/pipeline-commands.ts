import { type Command, Option } from 'commander';
import type { GateOptions } from './gate.ts';
import type { ValidateOptions } from './validate-input.ts';

/** What the commands of a pipeline do with their arguments. */
export interface PipelineActions {
  validate(options: ValidateOptions): Promise<void>;
  gate(options: GateOptions): Promise<void>;
}

/** Adds `gonogo validate` and `gonogo gate` with their arguments; they end as `program` ends when one is wrong. */
export function addPipelineCommands(program: Command, actions: PipelineActions): void {
  about(program.command('validate'))
    .description('validate a deployment in its pipeline: watch the rollout until it is GO or not')
    .option('--before', 'take a snapshot of what runs before the apply instead')
    .option('--out <file>', 'with --before: write the snapshot there')
    .addOption(new Option('--snapshot <file>', 'the snapshot that --before wrote').conflicts('before'))
    .option('--applied-at <time>', 'when terraform apply began, such as 2026-11-21T12:00:00Z')
    .option('--task-definition <arn>', 'the task definition that was applied, or family:revision')
    .option('--digest <digest>', 'the digest of the image that was applied')
    .option('--junit <file>', 'write the outcome as JUnit XML')
    .option('--json <file>', 'write the outcome as JSON')
    .option('--timeout <time>', 'give up after so long', '25m')
    .option(
      '--until <point>',
      'decision: the first GO; final: its re-checks 5 and 15 minutes later too',
      'decision',
    )
    .option('--catalogue <file>', 'without a bot: the catalogue')
    .action((options: ValidateOptions) => actions.validate(options));
  about(program.command('gate'))
    .description('ask the bot whether a region may be deployed to now, and wait until it may')
    .option('--wait <time>', 'wait so long; 0 asks once', '15m')
    .action((options: GateOptions) => actions.gate(options));
}

function about(command: Command): Command {
  return command
    .requiredOption('--service <id>', 'the service, as in the catalogue')
    .requiredOption('--region <region>', 'the AWS region')
    .requiredOption('--commit <sha>', 'the full commit, $CI_COMMIT_SHA');
}
