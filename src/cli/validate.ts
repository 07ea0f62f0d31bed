import { writeFile } from 'node:fs/promises';
import type { RegionReport } from '../core/promotion/report.ts';
import { reportJson } from '../views/report-json.ts';
import { reportJunit } from '../views/report-junit.ts';
import { summaryLines, terminalText } from '../views/report-text.ts';
import { exitCodes, WrongUse } from './exit-codes.ts';
import { asJob, type JobDeps } from './pipeline-job.ts';
import { Progress } from './progress.ts';
import { readSnapshot } from './snapshot-file.ts';
import { takeSnapshot } from './take-snapshot.ts';
import type { validateAlone } from './validate-alone.ts';
import { readValidateInput, type ValidateOptions } from './validate-input.ts';
import { validateWithBot } from './validate-with-bot.ts';

/**
 * `gonogo validate`: watches the rollout of one service in one region until it is decided (C1), says so with reason,
 * evidence and what to do, and leaves it as JUnit and JSON (C7). With GONOGO_URL the bot watches and this asks; else
 * this looks at AWS by itself. Exit code 0 GO, 1 NO-GO, 2 not known, 3 wrong use. `--before` takes a snapshot instead.
 */
export function validate(options: ValidateOptions, deps: JobDeps): Promise<number> {
  return asJob(deps, async () => {
    if (options.before) return takeSnapshot(options, deps);
    const input = readValidateInput(options, await readSnapshot(options), deps.settings.job);
    const { service, region, commit } = input;
    const title = `Validating ${service} in ${region}, commit ${commit.slice(0, 8)}`;
    const progress = new Progress(deps, deps.now, deps.settings.job.id !== null, terminalText(title));
    let report: RegionReport;
    try {
      report = deps.settings.bot
        ? await validateWithBot(deps.settings.bot, input, progress, deps)
        : await alone(input, options.catalogue ?? deps.settings.cataloguePath, progress, deps);
    } finally {
      progress.end();
    }
    const code = codeOf(report);
    for (const line of summaryLines(report)) deps.stdout.write(`${line}\n`);
    await keep(options.junit, () => reportJunit(report, deps.now()));
    await keep(options.json, () => reportJson(report, code, deps.now()));
    return code;
  });
}

/** What looks at AWS is loaded where no bot does. */
async function alone(...given: Parameters<typeof validateAlone>): Promise<RegionReport> {
  const loaded = await import('./validate-alone.ts');
  return loaded.validateAlone(...given);
}

/** Only GO is 0; whatever else a report may say one day is not known. */
function codeOf({ decision }: RegionReport): number {
  if (decision === 'GO') return exitCodes.go;
  return decision === 'NO-GO' ? exitCodes.noGo : exitCodes.unknown;
}

async function keep(file: string | undefined, text: () => string): Promise<void> {
  if (file === undefined) return;
  try {
    await writeFile(file, text());
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new WrongUse([`${file} cannot be written (${String(error.code)}).`]);
    throw error;
  }
}
