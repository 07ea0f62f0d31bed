import type { RegionReport } from '../core/promotion/report.ts';
import type { LogExcerpt, TaskFailure } from '../core/rollout/verdict.ts';

/** A report for a terminal and the log of a job: plain lines, nothing in them that steers a terminal. */

/** So many lines of the logs are shown; the report as JSON has all that were kept. */
const mostLogLines = 20;
const mostFailures = 3;

/**
 * Foreign text on one line: an escape sequence in a log line could recolour, hide or forge what stands around it, or
 * end a section of GitLab's.
 */
export function terminalText(text: string, most = 500): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
    .replace(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|.)?/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu, '')
    .toWellFormed()
    .trim();
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line;
}

/** What a job says at its end: the decision first, then why, the evidence, and what to do. */
export function summaryLines(report: RegionReport): string[] {
  const { verdict, service, region, commit, thread } = report;
  const failures = verdict?.failures ?? [];
  const excerpts = verdict?.excerpts ?? [];
  return [
    `${decisionWords(report)}: ${terminalText(service)} in ${terminalText(region)}, commit ${shortCommit(commit)}`,
    `  ${terminalText(report.reason)}`,
    ...failures.slice(0, mostFailures).flatMap(failureLines),
    ...(failures.length > mostFailures
      ? [`  … and ${failures.length - mostFailures} more stopped tasks`]
      : []),
    ...excerpts.flatMap(excerptLines),
    ...report.checks.map(
      ({ title, outcome, reason }) => `  ${terminalText(title)}: ${outcome}. ${terminalText(reason)}`,
    ),
    ...identityLines(report),
    ...(report.todo ? [`  What to do: ${terminalText(report.todo)}`] : []),
    ...(report.holds.length > 0 ? [`  Advice: ${adviceWords[report.advice]}`] : []),
    ...(thread ? [`  Slack: ${terminalText(thread)}`] : []),
  ];
}

const adviceWords = {
  proceed: 'proceed.',
  alert: 'alert: nothing of the new deployment serves, or what served was lost. Call somebody now.',
  delegate: 'delegate: hand it to the owner of the service.',
};

/** What a job says while it waits: one line, the same for the same state. */
export function stateLine({ decision, reason, verdict, holds }: RegionReport): string {
  const { running, wanted } = verdict?.tasks ?? { running: 0, wanted: 0 };
  const tasks = wanted > 0 && decision === 'WATCHING' ? ` (${running} of ${wanted} tasks run)` : '';
  const held = holds.length > 0 ? ` ${holds.length} against GO.` : '';
  return `${decision === 'WATCHING' ? 'watching' : decision}: ${terminalText(reason)}${tasks}${held}`;
}

export function decisionWords({ decision, isFinal, verdict }: RegionReport): string {
  if (decision !== 'GO') return decision;
  return isFinal || verdict?.isFinal ? 'GO' : 'GO (provisional: it is looked at again)';
}

function shortCommit(commit: string | null): string {
  return commit === null ? 'unknown' : commit.slice(0, 8);
}

function failureLines({ task, container, exitCode, stoppedReason, cause }: TaskFailure): string[] {
  const exit = exitCode === null ? '' : `, exit code ${exitCode}`;
  const where = container ? `, container ${terminalText(container)}` : '';
  return [
    `  Cause: ${terminalText(cause)}`,
    `    Task ${terminalText(task)}${where}${exit}; ECS says: ${terminalText(stoppedReason)}`,
  ];
}

function excerptLines({ title, lines, url }: LogExcerpt): string[] {
  const shown = lines.slice(-mostLogLines);
  const cut = lines.length - shown.length;
  return [
    `  ${terminalText(title)}${cut > 0 ? ` (the last ${shown.length} of ${lines.length})` : ''}`,
    ...shown.map(({ at, text, hit }) => `  ${hit ? '>' : ' '} ${at.slice(11, 19)} ${terminalText(text)}`),
    ...(url ? [`    ${terminalText(url, 1_000)}`] : []),
  ];
}

function identityLines({ verdict }: RegionReport): string[] {
  if (!verdict?.deployment) return [];
  const { deployment, taskDefinition, digest, row } = verdict;
  const parts = [`deployment ${deployment}`, taskDefinition && `task definition ${taskDefinition}`, digest];
  return [
    `  Seen: ${parts
      .flatMap((part) => (part ? terminalText(part) : []))
      .join(', ')} (row ${row} of the verdict table)`,
  ];
}
