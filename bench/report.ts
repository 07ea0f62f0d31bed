import { median } from './statistics.ts';

export type Unit = 'ms' | 's' | 'MB' | '%' | '×' | '';

/** One line of the report: what was measured, once a round. */
export interface Row {
  what: string;
  unit: Unit;
  /** One value a round. */
  values: number[];
  /** What the median should keep to. */
  goal?: { atMost: number } | { atLeast: number };
}

const columns = ['', 'median', 'min – max', 'goal', ''] as const;

/** The rows as a plain table. The median is held against the goal; one round has no spread to show. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [columns, ...rows.map(cellsOf)];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => (line[at] ?? '').length)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '─'.repeat(width)).join('──'), ...body.map(line)].join('\n');
}

function cellsOf({ what, unit, values, goal }: Row): string[] {
  const middle = median(values);
  const spread =
    values.length > 1 ? `${shown(Math.min(...values), unit)} – ${shown(Math.max(...values), unit)}` : '';
  return [
    `${what}`,
    `${shown(middle, unit)}${gap(unit)}`,
    spread,
    goalText(goal, unit),
    verdict(middle, goal),
  ];
}

function gap(unit: Unit): string {
  return unit === '' || unit === '×' ? unit : ` ${unit}`;
}

/** Three significant figures are more than a noisy machine knows. */
function shown(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return '–';
  if (unit === '') return String(Math.round(value * 100) / 100);
  return unit === '×' ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
}

function goalText(goal: Row['goal'], unit: Unit): string {
  if (!goal) return '';
  return 'atMost' in goal ? `≤ ${goal.atMost}${gap(unit)}` : `≥ ${goal.atLeast}${gap(unit)}`;
}

function verdict(value: number, goal: Row['goal']): string {
  if (!goal) return '';
  return ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast) ? 'met' : 'not met';
}
