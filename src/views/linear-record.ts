import type { Phase } from '../core/catalogue/phase.ts';
import type { Standing } from '../core/release/decide.ts';
import type { ReasonAgainst } from '../core/release/events.ts';
import { type GateStatus, isGreen } from '../core/release/gate-status.ts';
import type { Answer, Handled, Release, Waiver } from '../core/release/state.ts';
import { address, inlineCode, linked, type Names, person, prose, when, worded } from './linear-markdown.ts';
import { capital, goNow, handlingWords, headOf, signOf } from './release-words.ts';

/** The Linear issue that is the record of a release (B1, B7), in the template of the staging document. */

/** Its title: the catalogue's, with `{name}` for the release. */
export function recordTitle({ record, name }: Phase, release: Release): string {
  const title = record?.title ?? `${name} {name}`;
  return title.replaceAll('{name}', () => release.name);
}

/**
 * The block that stands between our markers: the whole checklist with what came of it, and the outcome. `names` are
 * those of people in Slack. Made from the state alone, in the form in which Linear writes Markdown back.
 */
export function recordBlock(release: Release, phase: Phase, standing: Standing, names: Names): string {
  const { statuses } = standing;
  return [
    ...head(release, phase, names),
    ...release.plan.groups.flatMap((group) => [
      '',
      `## ${worded(group.name)}`,
      '',
      ...statuses
        .filter((status) => status.group.id === group.id)
        .flatMap((status) => gateLines(status, names)),
    ]),
    ...outcome(release, phase, standing, names),
  ].join('\n');
}

function head(release: Release, phase: Phase, names: Names): string[] {
  const { name, url, openedBy, openedAt, pass, passes } = release;
  return [
    `## ${worded(phase.name)}`,
    '',
    'gonogo keeps this part up to its last line. Write notes above or below it.',
    '',
    `* Release: ${prose(name, 60)}`,
    `* Environment: ${address(url)}`,
    `* Release owner: ${person(openedBy, names)}`,
    `* Validation date: ${when(passes.at(-1)?.at ?? openedAt)}, pass ${pass}`,
    ...(phase.record?.runbook ? [`* Runbook: ${inlineCode(phase.record.runbook)}`] : []),
  ];
}

/** The box, then what proves or explains it, one line each. */
function gateLines(status: GateStatus, names: Names): string[] {
  const { gate, group, word, reason, at, answers, blockers, handled, waivers, evidence } = status;
  const isAnswered = answers.length > 0;
  const parts = [
    `**${signOf(word, group).word}**`,
    ...(at !== null && !isAnswered ? [when(at)] : []),
    ...(reason && (!isAnswered || word === 'inconclusive') ? [prose(reason)] : []),
  ];
  return [
    `- [${isGreen(status) ? 'x' : ' '}] ${worded(gate.title)}: ${parts.join(' · ')}`,
    ...answers.map((answer) => `  * ${answerText(answer, group, names)}`),
    ...blockers.map(
      ({ title, url, signal }) =>
        `  * Blocks: ${linked(url, title)}${signal && signal !== title ? `: ${prose(signal, 300)}` : ''}`,
    ),
    ...handled.map((one) => `  * ${handledText(one, names)}`),
    ...waivers.map((one) => `  * ${waiverText(one, names)}`),
    ...evidenceLines(evidence, isAnswered),
  ];
}

/** An answer of people carries its own link. */
function evidenceLines(evidence: GateStatus['evidence'], isAnswered: boolean): string[] {
  if (isAnswered) return [];
  return evidence.map(
    ({ label, value, url, at }) => `  * ${linked(url, label)}: ${prose(value, 300)} (${when(at)})`,
  );
}

/** What a person answered, with who, when, note and link. */
export function answerText(
  { by, at, outcome: said, note, link, pass }: Answer,
  group: GateStatus['group'],
  names: Names,
): string {
  const parts = [
    `${signOf(said, group).word} by ${person(by, names)}, ${when(at)}, pass ${pass}`,
    ...(note ? [prose(note)] : []),
    ...(link === null ? [] : [linked(link, 'evidence')]),
  ];
  return parts.join(' · ');
}

/** What people took out of the decision, or follow elsewhere, with their reason. */
export function handledText(
  { as, title, reason, link, by, at }: Pick<Handled, 'as' | 'title' | 'reason' | 'link' | 'by' | 'at'>,
  names: Names,
): string {
  const where = link === null ? '' : ` · ${linked(link, 'followed here')}`;
  return `${handlingWords[as]}: ${prose(title, 300)}, by ${person(by, names)}, ${when(at)}: ${prose(reason)}${where}`;
}

/** A waiver with both people, its reason and its end. */
export function waiverText({ title, reason, by, confirmed, expiresAt }: Waiver, names: Names): string {
  const people = [by, ...(confirmed ? [confirmed.by] : [])].map((one) => person(one, names));
  return `Waived: ${prose(title, 300)}, by ${people.join(' and ')}, until ${when(expiresAt)}: ${prose(reason)}`;
}

/** Undecided ticks neither box, so that nobody reads a GO into it. */
function outcome(release: Release, phase: Phase, standing: Standing, names: Names): string[] {
  const { environment, workspace, candidate } = release;
  const go = goNow(release, standing);
  const isBlocked = !go && standing.verdict === 'NO-GO';
  const decision = go ?? (isBlocked ? release.decisions.at(-1) : undefined);
  const links = (candidate?.parts ?? []).map(
    ({ project, commit, deployment }) =>
      `  * ${linked(deployment?.url ?? null, project)} at ${inlineCode(commit.slice(0, 8))}`,
  );
  const { statuses, against } = standing;
  const exceptions = statuses.flatMap(({ waivers, handled }) => [
    ...waivers.map((one) => `  * ${waiverText(one, names)}`),
    ...handled.map((one) => `  * ${handledText(one, names)}`),
  ]);
  return [
    '',
    '## Outcome',
    '',
    `- [${go ? 'x' : ' '}] ${capital(prose(environment, 60))} release candidate is ready for ${prose(phase.baseline, 60)} promotion`,
    `- [${isBlocked ? 'x' : ' '}] Blocked: issue(s) recorded below`,
    '',
    `* Validated by: ${validators(standing, release, names)}`,
    `* Date/time: ${decision ? when(decision.at) : 'not decided yet'}`,
    `* Workspace/depot used: ${workspace ? `${prose(workspace.workspace)} / ${prose(workspace.depot)}${reserved(workspace.approval)}` : 'not recorded yet'}`,
    ...under('Pipeline/deployment links', links),
    ...under('Blockers', against.map(againstText)),
    ...under('Exceptions', exceptions),
  ];
}

function reserved(approval: string | null): string {
  return approval ? ` (approved: ${prose(approval)})` : '';
}

function under(name: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [`* ${name}:`, ...lines] : [`* ${name}: none`];
}

function againstText({ title, why, url }: ReasonAgainst): string {
  return `  * ${linked(url, why ? headOf(title) : title)}${why ? `: ${prose(why)}` : ''}`;
}

/** Everybody who answered, decided on a blocker or approved, once each. */
function validators({ statuses }: Standing, { approvals }: Release, names: Names): string {
  const people = [
    ...statuses.flatMap(({ answers, handled, waivers }) => [
      ...answers.map(({ by }) => by),
      ...handled.map(({ by }) => by),
      ...waivers.flatMap(({ by, confirmed }) => [by, ...(confirmed ? [confirmed.by] : [])]),
    ]),
    ...approvals.map(({ by }) => by),
  ];
  const said = [...new Set(people)].map((one) => person(one, names));
  return said.length > 0 ? said.join(', ') : 'nobody yet';
}
