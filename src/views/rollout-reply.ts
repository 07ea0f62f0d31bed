import type { Finding } from '../core/finding.ts';
import type { Block, MessageBody } from '../core/ports.ts';
import { decideRegion, type RegionStanding } from '../core/promotion/decide.ts';
import type { AfterCheck } from '../core/promotion/plan.ts';
import { type Promotion, type RegionState, regionState } from '../core/promotion/state.ts';
import type { RolloutVerdict } from '../core/rollout/verdict.ts';
import { strong } from './item-words.ts';
import { rolloutActions } from './promotion-buttons.ts';
import { ofBlocked } from './promotion-next.ts';
import { holdLine, ownerOf, plainTitleOf, signOf, tasksOf, verdictWord } from './promotion-words.ts';
import { firstOf, sections } from './release-lines.ts';
import { signOf as gateSignOf, who } from './release-words.ts';
import { failureLines } from './rollout-failures.ts';
import { excerptText } from './rollout-log.ts';
import { code, context, link, moment, plain, section } from './text.ts';

/** Of Slack's 10,000 for one message, and what each block counts beside its text. */
const messageUnits = 9_600;
const blockUnits = 125;
/** At most so much for each part, in the order in which they take what is left. */
const failureUnits = 1_800;
const excerptUnits = 2_300;
const factUnits = 1_500;
const checkUnits = 1_800;
/** For a heading, and the line that counts what is left out. */
const frameUnits = 160;
const listedFacts = 10;

/**
 * The evidence of one run in one region, kept current: the verdict, what ECS and the lines say, what was checked
 * after it, and its buttons. Null when a newer run has begun: then what the reply said last stays as it is.
 */
export function rolloutReply(
  promotion: Promotion,
  { region, run }: { region: string; run: number },
  now: Date,
): MessageBody | null {
  const state = regionState(promotion, region);
  if (run === 0 || state.run !== run) return null;
  const is = decideRegion(promotion, region, now);
  const { emoji, word } = signOf(is.decision);
  const next =
    is.decision === 'NO-GO' || is.decision === 'INCONCLUSIVE' ? ofBlocked(promotion, region, is) : null;
  const head = `${emoji} *${shownWord(word, state)}* · ${strong(region, 40)}${runWords(run)}`;
  const before = [
    section(`${head}\n${reasonOf(state)}`),
    ...(next ? [section(`*Next:* ${next.words}`)] : []),
    ...orderBlock(is),
  ];
  const after = [
    ...rolloutActions(promotion, region, next?.button ?? null, now),
    context(aboutOf(promotion, state, is)),
  ];
  return {
    text: `${word} in ${plain(region, 40)}: ${plainTitleOf(promotion)}`,
    blocks: [
      ...before,
      ...evidenceBlocks(promotion, state, messageUnits - costOf([...before, ...after])),
      ...after,
    ],
  };
}

/** What proves it, as far as there is room: failures first, the checks after it with what the others leave. */
function evidenceBlocks(promotion: Promotion, state: RegionState, units: number): Block[] {
  const parts: [most: number, toBlocks: (units: number) => Block[]][] = [
    [failureUnits, (most) => failureBlocks(state.verdict, most)],
    [excerptUnits, (most) => excerptBlocks(state.verdict, most)],
    [factUnits, (most) => factBlocks(state.verdict, most)],
    [checkUnits, (most) => checkBlocks(promotion, state, most)],
  ];
  const blocks: Block[] = [];
  for (const [most, toBlocks] of parts) {
    const left = units - costOf(blocks) - 2 * blockUnits - frameUnits;
    blocks.push(...toBlocks(Math.max(frameUnits, Math.min(most, left))));
  }
  return blocks;
}

/** No less than what Slack counts: JSON only adds to a text. */
function costOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + JSON.stringify(block).length + blockUnits, 0);
}

/** "GO · PASS provisional": the decision, and what the last look said. */
function shownWord(word: string, { verdict }: RegionState): string {
  if (!verdict) return word;
  const said = verdictWord(verdict);
  return said === word ? word : `${word} · ${said}`;
}

function runWords(run: number): string {
  return run > 1 ? ` · deployment ${run} of this commit` : '';
}

function reasonOf({ verdict }: RegionState): string {
  if (!verdict) return 'The first look is under way.';
  const tasks = tasksOf(verdict);
  return (
    [plain(verdict.reason, 500), tasks && `${tasks}.`].filter(Boolean).join(' ') || 'No reason was given.'
  );
}

/** What stands against a GO from other regions; the rollout and its checks are told below in full. */
function orderBlock({ holds }: RegionStanding): Block[] {
  const others = holds.filter(({ blocker }) => blocker.startsWith('order/'));
  const lines = firstOf(others, 2, 500, holdLine, (count) => `…and ${count} more regions before it`);
  return lines.length > 0 ? [section(lines.join('\n'))] : [];
}

function failureBlocks(verdict: RolloutVerdict | null, units: number): Block[] {
  if (!verdict || verdict.failures.length === 0) return [];
  return [section(['*Stopped tasks*', ...failureLines(verdict.failures, units)].join('\n'))];
}

/** One or two excerpts share the room; what is further is only linked. */
function excerptBlocks(verdict: RolloutVerdict | null, units: number): Block[] {
  const excerpts = verdict?.excerpts ?? [];
  const shown = excerpts.slice(0, 2);
  const blocks = shown.map((excerpt) => section(excerptText(excerpt, Math.floor(units / shown.length))));
  const more = excerpts.length - shown.length;
  return more > 0 ? [...blocks, context(`…and ${more} more excerpts of the log in CloudWatch`)] : blocks;
}

function checkBlocks({ plan }: Promotion, { checks, verdict }: RegionState, units: number): Block[] {
  if (plan.after.length === 0 || !verdict) return [];
  const toLine = (check: AfterCheck) => checkLine(check, checks[check.id]);
  // What is not green first: it must not be what is left out.
  const ordered = plan.after.toSorted((one, other) => rank(checks[one.id]) - rank(checks[other.id]));
  const rest = (count: number) => `…and ${count} more checks`;
  const lines = firstOf(ordered, ordered.length, units, toLine, rest);
  return sections(['*Checks after the rollout*', ...lines]);
}

function rank(found: Finding | undefined): number {
  const order = ['fail', 'inconclusive', 'waiting', 'pass', 'not-applicable'];
  return order.indexOf(found?.outcome ?? 'waiting');
}

function checkLine({ title }: AfterCheck, found: (Finding & { at: string }) | undefined): string {
  const { emoji, word } = gateSignOf(found?.outcome ?? 'open', { answers: 'checks' });
  const head = `${emoji} ${strong(title, 100)} ${word}`;
  if (!found || found.outcome === 'not-applicable') return head;
  const url = found.evidence.find((one) => one.url !== null)?.url ?? null;
  const reason = plain(found.reason, 160);
  const remedy = found.outcome === 'pass' ? '' : plain(found.remedy, 160);
  const parts = [reason, remedy && `→ ${remedy}`, url === null ? '' : link(url, 'evidence')].filter(Boolean);
  return parts.length > 0 ? `${head}: ${parts.join(' ')}` : head;
}

/** What proves it: which deployment, task definition and image, and what else was seen. */
function factBlocks(verdict: RolloutVerdict | null, units: number): Block[] {
  if (!verdict) return [];
  const { deployment, taskDefinition, digest, evidence } = verdict;
  const named: [label: string, value: string | null][] = [
    ['Deployment', deployment],
    [
      'Task definition',
      taskDefinition === null ? null : (taskDefinition.split('/').at(-1) ?? taskDefinition),
    ],
    ['Image', digest],
  ];
  const ids = named.flatMap(([label, value]) => (value === null ? [] : [`${label} ${code(value)}`]));
  const isNamed = (label: string) => named.some(([name, value]) => name === label && value !== null);
  const seen = firstOf(
    evidence.filter(({ label }) => !isNamed(label)),
    listedFacts,
    units,
    ({ label, value, url }) => `${url === null ? plain(label, 80) : link(url, label)}: ${shownValue(value)}`,
    (count) => `…and ${count} more values`,
  );
  const lines = [...(ids.length > 0 ? [ids.join(' · ')] : []), ...seen];
  return lines.length > 0 ? [section(['*Evidence*', ...lines].join('\n'))] : [];
}

/** A moment is shown by the reader's own clock. */
function shownValue(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? moment(value) : plain(value, 200) || '…';
}

/** When it was looked at, by whom it was started, in whose hands it is, and what is waived. */
function aboutOf(promotion: Promotion, state: RegionState, { waived }: RegionStanding): string {
  const { startedAt, startedBy, pipeline, verdict, marks, confirmedAt, handedOver, phase } = state;
  const [first] = waived;
  const parts = [
    startedAt === null ? '' : `watched since ${moment(startedAt)}, by ${who(startedBy ?? 'gonogo')}`,
    pipeline ? link(pipeline.url, `pipeline ${pipeline.id}`) : '',
    verdict ? `verdict of ${moment(verdict.at)}` : '',
    marks.length > 0 ? `re-checked ${marks.join(' and ')} min after the first pass` : '',
    confirmedAt !== null && confirmedAt !== verdict?.at ? `confirmed ${moment(confirmedAt)}` : '',
    phase === 'ended' ? 'not looked at any more by itself' : '',
    handedOver
      ? `handed over to ${ownerOf(promotion)} by ${who(handedOver.by)} ${moment(handedOver.at)}`
      : '',
    first ? `:warning: waived until ${moment(first.waiver.expiresAt)}` : '',
  ];
  return parts.filter(Boolean).join(' · ') || '…';
}
