import { retryable, stoppable } from '../core/invocation/decisions.ts';
import {
  type Invocation,
  isHeld,
  isSettled,
  phaseOf,
  type Target,
  wordOf,
} from '../core/invocation/state.ts';
import type { Block, MessageBody } from '../core/ports.ts';
import { countsOf, isHeldUp, targetSigns, titleOf, verdictOf } from './invocation-words.ts';
import {
  code,
  context,
  firstLines,
  link,
  mention,
  moment,
  plain,
  plainText,
  problemText,
  section,
} from './text.ts';

/** Action ids of the buttons; the value is the invocation's id and nothing else. */
export const invocationButtons = { retry: 'invocation_retry', stop: 'invocation_stop' } as const;

const listedFaults = 8;
const listedTargets = 10;
/** Of Slack's 3,000 for one text; the rest of the message needs its part of the budget. */
const listedUnits = 2_500;
const barCells = 20;

export interface Pacing {
  /** How many pipelines the bot starts in a minute. */
  pipelinesPerMinute: number;
}

/**
 * The one message of an invocation (F2): verdict, progress, counts, what went wrong, who, next action and
 * its buttons. Made from the state alone, so that the same state always gives the same message.
 */
export function invocationMessage(state: Invocation, pacing: Pacing): MessageBody {
  const { emoji, word } = verdictOf(state);
  const title = titleOf(state);
  const blocks = [
    section(`${emoji} *${word}* · *${plain(title)}*`),
    ...progress(state, pacing),
    ...faults(state),
    section(`*Next:* ${nextAction(state)}`),
    ...buttons(state),
    context(`${startedBy(state)} · ${moment(state.requestedAt)} · ${code(state.id)}`),
  ];
  return { text: `${word}: ${plain(title)}`, blocks };
}

function progress(state: Invocation, pacing: Pacing): Block[] {
  if (state.targets.length === 0) return [];
  const ended = state.targets.filter(isSettled).length;
  const cells = Math.floor((ended / state.targets.length) * barCells);
  const bar = `\`${'█'.repeat(cells)}${'░'.repeat(barCells - cells)}\``;
  const counts = countsOf(state.targets)
    .map(({ word, count }) => `${targetSigns[word].emoji} ${count} ${targetSigns[word].word}`)
    .join('  ');
  return [section(`${bar} ${ended} of ${state.targets.length} ended${eta(state, pacing)}\n${counts}`)];
}

/** Only how long starting takes is known; how long a pipeline runs is GitLab's to say. */
function eta(state: Invocation, { pipelinesPerMinute }: Pacing): string {
  const held = state.targets.filter(isHeld).length;
  if (held > 0) return ` · ${held} held by an earlier wave`;
  const waiting = state.targets.filter((target) => target.state.at === 'waiting').length;
  const minutes = Math.ceil(waiting / pipelinesPerMinute);
  if (waiting <= 1 || minutes < 1) return '';
  return ` · the last one starts in about ${minutes} min`;
}

function faults(state: Invocation): Block[] {
  if (state.preflight === 'failed') return [section(listed(state.faults.map(faultLine), listedFaults))];
  const wrong = state.targets.filter((target) =>
    ['failed', 'canceled', 'skipped', 'lost', 'manual'].includes(wordOf(target)),
  );
  if (wrong.length === 0) return [];
  return [section(listed(wrong.map(targetLine), listedTargets))];
}

function faultLine({ project, problem }: Invocation['faults'][number]): string {
  return `• *${plain(project)}*: ${problemText(problem, 250)}`;
}

function targetLine(target: Target): string {
  const { emoji, word } = targetSigns[wordOf(target)];
  return `${emoji} *${plain(target.project)}* ${word}${reason(target)}`;
}

function reason({ state }: Target): string {
  if (state.at === 'failed') return `: ${plain(`${state.problem.what} ${state.problem.why}`, 150)}`;
  if (state.at === 'following' && state.observed) {
    const { detail, lookAt } = state.observed;
    return `${detail ? `: ${plain(detail, 120)}` : ''} · ${link(lookAt, 'pipeline')}`;
  }
  return '';
}

function listed(lines: string[], most: number): string {
  const rest = (count: number) => `…and ${count} more, each in the thread or in \`/release status\``;
  return firstLines(lines, most, listedUnits, rest).join('\n');
}

function nextAction(state: Invocation): string {
  switch (phaseOf(state)) {
    case 'checking':
      return 'nothing to do. Every target is checked before the first is started.';
    case 'refused':
      return 'mend what is listed, then press *Check again*. Nothing was started.';
    case 'running':
      return meanwhile(state);
    case 'settled':
      return afterwards(state);
  }
}

function meanwhile(state: Invocation): string {
  if (state.stop) return 'wait for those that already run; no other will start.';
  if (retryable(state).length > 0)
    return state.targets.some(isHeld)
      ? 'mend what failed, then press *Retry failed*. What is held starts once all before it passed.'
      : 'mend what failed, then press *Retry failed*. The others go on.';
  if (isHeldUp(state)) return 'see in the thread what the held ones wait for; then they start by themselves.';
  return 'nothing to do. Each target reports in the thread.';
}

function afterwards(state: Invocation): string {
  const words = new Set(state.targets.map(wordOf));
  if (retryable(state).length > 0)
    return 'look at what failed in the thread, mend it, then press *Retry failed*.';
  if (words.has('failed') || words.has('canceled') || words.has('skipped'))
    return 'look at what failed in GitLab, and run it again there.';
  if (words.has('lost')) return 'look in GitLab how it ended.';
  if (words.has('manual')) return 'go on in GitLab where a job waits for a person.';
  if (state.action === 'bring-all-code-to-release-branch') return 'deploy it with `/release deploy`.';
  return 'nothing to do. Every pipeline passed.';
}

function buttons(state: Invocation): Block[] {
  const elements: Record<string, unknown>[] = [];
  if (phaseOf(state) === 'refused')
    elements.push(button(state, invocationButtons.retry, 'Check again', 'primary'));
  else if (retryable(state).length > 0)
    elements.push(
      button(state, invocationButtons.retry, `Retry failed (${retryable(state).length})`, 'primary'),
    );
  if (stoppable(state))
    elements.push({ ...button(state, invocationButtons.stop, 'Stop', 'danger'), confirm: stopDialog(state) });
  return elements.length > 0 ? [{ type: 'actions', block_id: 'invocation_actions', elements }] : [];
}

function button(state: Invocation, actionId: string, text: string, style: 'primary' | 'danger') {
  return { type: 'button', action_id: actionId, text: plainText(text), style, value: state.id };
}

function stopDialog(state: Invocation) {
  const waiting = state.targets.filter((target) => target.state.at === 'waiting').length;
  const what =
    waiting > 0
      ? `${waiting} ${waiting === 1 ? 'target has' : 'targets have'} not started yet and will not`
      : 'No target will start';
  return {
    title: plainText('Stop what has not started?'),
    text: plainText(`${what}. Pipelines that already run go on; cancel those in GitLab.`),
    confirm: plainText('Stop'),
    deny: plainText('Keep going'),
    style: 'danger',
  };
}

function startedBy(state: Invocation): string {
  const stopped = state.stop ? ` · stopped by ${mention(state.stop.by)}` : '';
  if (state.origin.kind === 'slack') return `Started by ${mention(state.origin.user)}${stopped}`;
  const { user, project, url } = state.origin;
  return `Started in GitLab by ${code(user)} in ${link(url, project)}${stopped}`;
}
