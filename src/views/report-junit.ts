import junit, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';
import type { Outcome } from '../core/finding.ts';
import type { RegionReport } from '../core/promotion/report.ts';
import { decisionWords, summaryLines, terminalText } from './report-text.ts';

/**
 * A report as JUnit XML, which GitLab shows in the merge request and the pipeline (C7): a test case for the region,
 * one for the rollout and one for each check after it. What is known to be wrong is a failure, what is not known an
 * error; neither is green.
 */
export function reportJunit(report: RegionReport, at: Date): string {
  const { service, region, commit } = report;
  // The package is CommonJS and its types say that it is not: what they call `default` is the whole of it.
  const builder = (junit as unknown as Builder).newBuilder();
  const suite = builder
    .testSuite()
    .name(xmlText(`gonogo validate ${service}`))
    .timestamp(at.toISOString().slice(0, 19));
  suite.property('commit', xmlText(commit ?? 'unknown'));
  regionCase(suite, report);
  rolloutCase(suite, report);
  for (const { title, outcome, reason, remedy, evidence } of report.checks) {
    const lines = evidence.map(({ label, value, url }) => `${label}: ${value}${url ? ` ${url}` : ''}`);
    const named = caseNamed(suite, region, title);
    judged(named, outcome, reason, [reason, ...lines, remedy && `What to do: ${remedy}`]);
  }
  return builder.build();
}

/** GO or not, with everything that stands against it. */
function regionCase(suite: TestSuite, report: RegionReport): void {
  const { decision, reason, region } = report;
  const outcome = decision === 'GO' ? 'pass' : decision === 'NO-GO' ? 'fail' : 'inconclusive';
  const named = caseNamed(suite, region, 'GO');
  const holds = report.holds.map(({ title, signal, todo }) => `${title}: ${signal} ${todo}`);
  judged(named, outcome, `${decisionWords(report)}: ${reason}`, [...summaryLines(report), ...holds]);
}

function rolloutCase(suite: TestSuite, report: RegionReport): void {
  const { verdict, region } = report;
  const named = caseNamed(suite, region, 'ECS rollout');
  if (!verdict) {
    judged(named, 'inconclusive', 'It was not looked at.', [report.reason]);
    return;
  }
  const evidence = verdict.evidence.map(
    ({ label, value, url }) => `${label}: ${value}${url ? ` ${url}` : ''}`,
  );
  const failures = verdict.failures.map(
    ({ task, cause, stoppedReason }) => `${cause} Task ${task}: ${stoppedReason}`,
  );
  judged(named, verdict.outcome, verdict.reason, [verdict.reason, ...failures, ...evidence, verdict.remedy]);
}

function caseNamed(suite: TestSuite, region: string, title: string): TestCase {
  return suite
    .testCase()
    .className(xmlText(region))
    .name(xmlText(`${region}: ${title}`));
}

function judged(named: TestCase, outcome: Outcome, message: string, lines: readonly string[]): void {
  const detail = lines.filter(Boolean).map(xmlText).join('\n');
  if (outcome === 'pass') named.standardOutput(detail);
  else if (outcome === 'not-applicable') named.skipped();
  else if (outcome === 'fail') named.failure(xmlText(message), 'NO-GO').stacktrace(detail);
  else named.error(xmlText(message), outcome === 'waiting' ? 'WATCHING' : 'INCONCLUSIVE', detail);
}

/** Foreign text that XML 1.0 takes, also inside CDATA: no control character, no lone surrogate, no end of CDATA. */
function xmlText(text: string): string {
  return terminalText(text, 4_000)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replaceAll(']]>', ']] >');
}
