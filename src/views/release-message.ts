import type { Block, MessageBody } from '../core/ports.ts';
import type { Part } from '../core/release/candidate.ts';
import type { Standing } from '../core/release/decide.ts';
import type { ReasonAgainst } from '../core/release/events.ts';
import { hasEnded } from '../core/release/gate-status.ts';
import type { Release, Waiver } from '../core/release/state.ts';
import { strong } from './item-words.ts';
import { firstOf } from './release-lines.ts';
import { nextAction, releaseActions } from './release-next.ts';
import { countsOf, groupSign, headOf, signOf, titleOf, verdictOf, who } from './release-words.ts';
import { code, context, firstLines, link, moment, plain, problemText, section } from './text.ts';

/** Of Slack's 10,000 for one message; what they leave is for the rest of it. */
const groupUnits = 2_200;
const blockerUnits = 2_000;
const waiverUnits = 900;
const partUnits = 900;
const listedBlockers = 10;
const listedWaivers = 4;
const listedParts = 6;
const barCells = 20;

/**
 * The one message of a release (F2): verdict, progress, a line a group, what blocks, what it is about, the one next
 * action and its button, who and when. Made from the state and the time alone.
 */
export function releaseMessage(release: Release, standing: Standing, now: Date): MessageBody {
  const { emoji, word } = verdictOf(release, standing);
  const title = titleOf(release);
  const blocks = [
    section(`${emoji} *${word}* · *${title}*`),
    ...progress(release, standing),
    ...groups(release, standing),
    ...blockers(release, standing, now),
    ...waivers(standing),
    ...approvals(release, standing),
    section(about(release)),
    section(`*Next:* ${nextAction(release, standing).words}`),
    ...releaseActions(release, standing),
    context(openedBy(release)),
  ];
  return { text: `${word}: ${title}`, blocks };
}

function progress(release: Release, { statuses }: Standing): Block[] {
  if (!release.candidate || statuses.length === 0) return [];
  const ended = statuses.filter(hasEnded).length;
  const cells = Math.floor((ended / statuses.length) * barCells);
  const bar = `\`${'█'.repeat(cells)}${'░'.repeat(barCells - cells)}\``;
  const counts = countsOf(statuses).map(({ word, count }) => {
    const sign = signOf(word, { answers: 'checks' });
    return `${sign.emoji} ${count} ${sign.word}`;
  });
  return [section(`${bar} ${ended} of ${statuses.length} ended\n${counts.join('  ')}`)];
}

function groups({ plan, candidate }: Release, { statuses }: Standing): Block[] {
  if (!candidate) return [];
  const lines = plan.groups.map((group) => {
    const { emoji, counts } = groupSign(
      group,
      statuses.filter((status) => status.group.id === group.id),
    );
    return `${emoji} ${strong(group.name, 75)} ${counts}`;
  });
  const shown = firstLines(lines, lines.length, groupUnits, (count) => `…and ${count} more in the thread`);
  return shown.length > 0 ? [section(shown.join('\n'))] : [];
}

/** What has ended and stands against a GO, and what changed under it; what is merely open is counted above. */
function blockers(release: Release, { against, open }: Standing, now: Date): Block[] {
  if (!release.candidate && release.candidateProblem) return [section(problemText(release.candidateProblem))];
  const stale = open.filter(({ blocker, gate }) => gate === null && blocker === 'stale');
  const reasons = [...stale, ...against];
  if (reasons.length === 0) return [];
  const line = (reason: ReasonAgainst) => blockerLine(reason, ended(release, reason, now));
  const rest = (count: number) => `…and ${count} more in *What blocks*`;
  const lines = firstOf(reasons, listedBlockers, blockerUnits, line, rest);
  return [section(['*What blocks*', ...lines].join('\n'))];
}

/** One reason against a GO as a line with its link. */
export function blockerLine({ title, why, url }: ReasonAgainst, note = ''): string {
  const head = why ? headOf(title) : title;
  const named = url === null ? strong(head, 120) : link(url, head);
  return `• ${named}${why ? `: ${plain(why, 200)}` : ''}${note}`;
}

/** Why a blocker is back that people had waived. */
function ended({ waivers, pass }: Release, { gate, blocker }: ReasonAgainst, now: Date): string {
  const over = waivers.find(
    (waiver) =>
      waiver.pass === pass &&
      waiver.gate === gate &&
      waiver.blocker === blocker &&
      waiver.confirmed !== null &&
      Date.parse(waiver.expiresAt) <= now.getTime(),
  );
  return over ? ` (its waiver ended ${moment(over.expiresAt)})` : '';
}

/** Waivers stay visible beside the verdict (F7). */
function waivers({ statuses }: Standing): Block[] {
  const lines = statuses.flatMap((status) => status.waivers).map((waiver) => `• ${waiverLine(waiver)}`);
  if (lines.length === 0) return [];
  const shown = firstLines(lines, listedWaivers, waiverUnits, (count) => `…and ${count} more in the thread`);
  return [section(['*Waived*', ...shown].join('\n'))];
}

/** A waiver on one line: what, who, until when, why. */
export function waiverLine({ title, by, confirmed, expiresAt, reason }: Waiver): string {
  const people = [by, ...(confirmed ? [confirmed.by] : [])].map(who).join(' and ');
  return `${plain(title, 120)}, by ${people} until ${moment(expiresAt)}: ${plain(reason, 200)}`;
}

function approvals(release: Release, { statuses }: Standing): Block[] {
  const { plan, candidate } = release;
  if (!candidate || plan.approvals.length === 0 || statuses.length === 0) return [];
  const said = plan.approvals.map(({ id, name }) => {
    const given = release.approvals.find(({ approval }) => approval === id);
    return given
      ? `:white_check_mark: ${plain(name, 60)} approved, ${who(given.by)}`
      : `:white_circle: ${plain(name, 60)} has not approved`;
  });
  return [section(said.join('\n'))];
}

function about(release: Release): string {
  const { candidate, url, environment, plan, record, pass } = release;
  const place = link(url, environment);
  const issue = record
    ? link(record.url, record.identifier)
    : plan.recorded
      ? 'Linear issue not written yet'
      : '';
  const head = [`Pass ${pass} on ${place}`, issue].filter(Boolean).join(' · ');
  const parts = firstLines(
    (candidate?.parts ?? []).map(partLine),
    listedParts,
    partUnits,
    (count) => `…and ${count} more projects`,
  );
  return [head, ...parts].join('\n');
}

/** The commit that should be running, and the deployment that brought one there. */
function partLine(part: Part): string {
  const { project, commit, deployment } = part;
  const short = commit.slice(0, 8);
  const address = commitAddress(part);
  const shown = address === null ? code(short) : link(address, short);
  const deployed =
    deployment === null
      ? 'never deployed there'
      : deployment.url === null
        ? `deployment ${deployment.id}`
        : link(deployment.url, `deployment ${deployment.id}`);
  return `Candidate ${strong(project, 80)} ${shown} · ${deployed}`;
}

/** GitLab's page of the commit, on the server that the deployment's own address names. */
function commitAddress({ path, commit, deployment }: Part): string | null {
  const project = `/${path}/-/`;
  const at = deployment?.url?.indexOf(project) ?? -1;
  return at < 0 || !deployment?.url ? null : `${deployment.url.slice(0, at)}${project}commit/${commit}`;
}

function openedBy({ openedBy: opener, openedAt, passes, id }: Release): string {
  const began = passes.length > 1 ? passes.at(-1) : undefined;
  const pass = began ? ` · pass ${passes.length} by ${who(began.by)} ${moment(began.at)}` : '';
  return `Opened by ${who(opener)} ${moment(openedAt)}${pass} · ${code(id)}`;
}
