import { readFile } from 'node:fs/promises';
import { type SnapshotReport, snapshotReport } from '../core/promotion/report.ts';
import { WrongUse } from './exit-codes.ts';

const MOST_BYTES = 100_000;

/** The snapshot that `--snapshot` names; null without one. Throws {@link WrongUse} when it cannot be read. */
export async function readSnapshot({
  snapshot: file,
}: {
  snapshot?: string;
}): Promise<SnapshotReport | null> {
  if (file === undefined) return null;
  const text = await textOf(file);
  const parsed = snapshotReport.safeParse(text.length > MOST_BYTES ? undefined : contentOf(text));
  if (parsed.success) return parsed.data;
  throw new WrongUse([`${file} is no snapshot. Make one with: gonogo validate --before --out ${file}`]);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new WrongUse([
        `${file} cannot be read (${String(error.code)}). It is an artifact of the job before.`,
      ]);
    throw error;
  }
}

function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
