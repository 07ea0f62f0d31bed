import pino from 'pino';
import { renderFaults } from './adapters/catalogue-file/faults.ts';
import { CatalogueUnreadable, loadCatalogue } from './adapters/catalogue-file.ts';
import { type Bot, type Duties, startBot } from './app.ts';
import { findCheck, knowledge } from './checks/index.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

interface Output {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** A start that cannot go on, told in the person's words; `code` is the exit code. */
class CannotStart extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/**
 * `gonogo serve` and `gonogo worker`: runs until SIGTERM or SIGINT, then stops in order. Exit code 0 after a
 * stop, 1 when something outside refuses it, 3 when settings or catalogue are wrong.
 */
export async function serve(duties: Duties, { stdout, stderr }: Output): Promise<number> {
  const stopped = untilSignal();
  try {
    const settings = wrongUse(() => readSettings());
    const catalogue = await catalogueOf(settings.cataloguePath);
    const lacking = lackingFor(settings, catalogue);
    if (lacking.length > 0) throw new CannotStart(new SettingsError(lacking).message, 3);
    const log = pino({ level: settings.logLevel, base: null }, pino.destination({ dest: 2, sync: false }));
    const bot = await started(settings, catalogue, log, duties);
    stdout.write(`${JSON.stringify({ ready: true, url: bot.url })}\n`);
    const signal = await stopped;
    log.info({ signal }, 'Stopping: finishing or giving back what is in hand');
    await bot.stop();
    log.flush();
    return 0;
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    stderr.write(`${error.message}\n`);
    return error.code;
  }
}

function wrongUse(read: () => Settings): Settings {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingsError) throw new CannotStart(error.message, 3);
    throw error;
  }
}

async function catalogueOf(path: string): Promise<Catalogue> {
  try {
    const reading = await loadCatalogue(path, knowledge);
    if (reading.ok) return reading.catalogue;
    throw new CannotStart(renderFaults(reading.faults), 3);
  } catch (error) {
    if (error instanceof CatalogueUnreadable)
      throw new CannotStart(`${error.message} Set GONOGO_CATALOGUE to the path of your catalogue.`, 3);
    throw error;
  }
}

async function started(
  settings: Settings,
  catalogue: Catalogue,
  log: pino.Logger,
  duties: Duties,
): Promise<Bot> {
  try {
    return await startBot(settings, catalogue, log, duties);
  } catch (error) {
    log.error({ err: error }, 'gonogo could not start');
    log.flush();
    const said = error instanceof Error ? error.message : String(error);
    throw new CannotStart(
      `gonogo could not start: ${said}\nThe log above has the details; mend the cause and start it again.`,
      1,
    );
  }
}

/** What the catalogue asks for and the settings do not give: said at the start, not in the middle of a release. */
function lackingFor(settings: Settings, { phases }: Catalogue): string[] {
  const needs = new Set(
    phases.flatMap(({ groups }) =>
      groups.flatMap(({ gates }) => gates.flatMap(({ check }) => findCheck(check ?? '')?.needs ?? [])),
    ),
  );
  return [
    ...(!settings.linear && phases.some(({ record }) => record !== null)
      ? ['LINEAR_API_KEY is not set: the catalogue keeps a record in Linear (phases, record)']
      : []),
    ...(!settings.sentry && needs.has('errors')
      ? ['SENTRY_TOKEN and SENTRY_ORGANIZATION are not set: a gate of the catalogue asks Sentry']
      : []),
  ];
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
