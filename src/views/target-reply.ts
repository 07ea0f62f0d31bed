import { type Invocation, type Target, wordOf } from '../core/invocation/state.ts';
import type { Block, MessageBody } from '../core/ports.ts';
import { targetSigns } from './invocation-words.ts';
import { code, context, firstLines, link, plain, problemText, section } from './text.ts';

const listedDownstream = 10;
const listedHolds = 10;
/** Of Slack's 3,000 for one text; what is wrong and what to do need the rest. */
const listedUnits = 1_500;

/** The thread reply of one target: where it stands, its pipelines, and when it went wrong why and what to do (A5). */
export function targetReply(state: Invocation, target: Target): MessageBody {
  const { emoji, word } = targetSigns[wordOf(target)];
  const blocks = [
    section(`${emoji} *${plain(target.project)}* ${word}${pipelineLink(target)}`),
    ...details(target),
  ];
  const adopted = target.state.at === 'following' && target.state.adopted && state.origin.kind === 'slack';
  const notes = [
    ...(target.attempt > 1 ? [`try ${target.attempt}`] : []),
    ...(adopted ? ['found in GitLab after its answer got lost; it was not started twice'] : []),
  ];
  return {
    text: `${plain(target.project)}: ${word}`,
    blocks: notes.length > 0 ? [...blocks, context(notes.join(' · '))] : blocks,
  };
}

function pipelineLink({ state }: Target): string {
  if (state.at === 'following') return ` · ${link(state.url, `pipeline ${state.pipelineId}`)}`;
  if (state.at === 'lost') return ` · ${link(state.url, 'pipeline')}`;
  return '';
}

function details({ state, project }: Target): Block[] {
  switch (state.at) {
    case 'waiting':
      return state.waitsFor ? [section(holdText(state.waitsFor))] : [];
    case 'failed':
    case 'lost':
      return [section(problemText(state.problem))];
    case 'not-started':
      return [section(`Nothing was sent to GitLab: it was ${plain(state.why)}.`)];
    case 'following':
      return state.observed ? observedDetails(state.observed, project) : [];
    default:
      return [];
  }
}

/** What its wave holds it for (C6), and how it goes on. */
function holdText(waitsFor: readonly string[]): string {
  const lines = firstLines(
    waitsFor.map((words) => `• ${plain(words)}`),
    listedHolds,
    listedUnits,
    (count) => `• …and ${count} more`,
  );
  return [
    'Held: services of an earlier wave come first.',
    ...lines,
    'It starts by itself once they have passed. What went wrong has to be mended before: press *Retry failed* above, or see its rollout through.',
  ].join('\n');
}

type ObservedState = NonNullable<Extract<Target['state'], { at: 'following' }>['observed']>;

function observedDetails(seen: ObservedState, project: string): Block[] {
  const lines: string[] = [];
  if (seen.detail) lines.push(`${plain(seen.detail)} · ${link(seen.lookAt, 'look at it')}`);
  const todo = todoOf(seen.outcome, project);
  if (todo) lines.push(todo);
  const below = firstLines(
    seen.downstream.map(
      ({ project: name, pipelineId, status, url }) =>
        `↳ ${link(url, `${name} ${pipelineId}`)} ${code(status)}`,
    ),
    listedDownstream,
    listedUnits,
    (count) => `↳ …and ${count} more`,
  );
  const text = [...lines, ...below].join('\n');
  return text ? [section(text)] : [];
}

function todoOf(outcome: ObservedState['outcome'], project: string): string {
  switch (outcome) {
    case 'failed':
      return `Mend it in ${plain(project)}, then press *Retry failed* above.`;
    case 'canceled':
    case 'skipped':
      return 'If it is to run after all, press *Retry failed* above.';
    case 'manual':
      return 'Go on in GitLab: press play on the job that waits.';
    default:
      return '';
  }
}
