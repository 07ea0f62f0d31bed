import { parentPort, workerData } from 'node:worker_threads';
import { LogReading } from '../../src/checks/logs/reading.ts';
import { rules, startedAt, tasks } from './log-reading-lines.ts';

/** Takes one hostile line, with gonogo's patterns or with RegExp, and says for how many ms it did nothing else. */
const { engine, pattern, text } = workerData as { engine: string; pattern: string; text: string };

function gonogo(): boolean {
  const [task] = tasks();
  if (!task) throw new Error('There is no task');
  const its = { ...rules, success: [], failure: [{ name: 'hostile', pattern, cause: null }] };
  const began = new Date(startedAt);
  const scope = { deployment: 'd', rules: its, container: 'app', tasks: [task], began };
  const reading = new LogReading(null, scope);
  reading.take([{ id: '1', at: startedAt, stream: `core/app/${task.id}`, text }]);
  return reading.end(true).failure !== null;
}

function measured(run: () => boolean): { ms: number; said: string } {
  const from = performance.now();
  try {
    const matches = run();
    return { ms: performance.now() - from, said: matches ? 'matches' : 'no match' };
  } catch {
    return { ms: performance.now() - from, said: 'refused' };
  }
}

// Whatever is compiled with the first use is not the pattern's fault.
if (engine === 'gonogo')
  new LogReading(null, { deployment: 'd', rules, container: 'app', tasks: tasks(), began: new Date(0) });
parentPort?.postMessage('ready');
parentPort?.postMessage(measured(engine === 'gonogo' ? gonogo : () => new RegExp(pattern).test(text)));
