import { actionFacts, actions } from '../core/action.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { type Invocation, wordOf } from '../core/invocation/state.ts';
import type { Block, MessageBody } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { sentenceOf } from '../core/problem.ts';
import type { Promotion } from '../core/promotion/state.ts';
import type { Standing } from '../core/release/decide.ts';
import type { Release } from '../core/release/state.ts';
import { invocationMessage, type Pacing } from './invocation-message.ts';
import { countsOf, targetSigns, titleOf, verdictOf } from './invocation-words.ts';
import { promotionLines } from './promotion-answers.ts';
import { releaseMessage } from './release-message.ts';
import {
  countsOf as gateCountsOf,
  titleOf as releaseTitleOf,
  verdictOf as releaseVerdictOf,
  signOf,
} from './release-words.ts';
import { code, context, moment, plain, problemText, section } from './text.ts';

/** What only the person who asked sees. */

export function problemAnswer(problem: Problem): MessageBody {
  return { text: plain(sentenceOf(problem), 1_000), blocks: [section(`:warning: ${problemText(problem)}`)] };
}

/** `/release help` */
export function helpAnswer(catalogue: Catalogue): MessageBody {
  const lines = actions.map((action) => {
    const { word, effect } = actionFacts[action];
    return `• \`/release ${word} [project|all]\`: ${code(action)}, ${effect}`;
  });
  const text = [
    ...lines,
    '• `/release validate [release]`: opens or continues the validation of a release',
    ...catalogue.services.slice(0, 1).map(({ service }) => deploymentHelp(service)),
    '• `/release decide [release]`: the summary of a release, GO or NO-GO',
    '• `/release status [id]`: what is under way, or one invocation, release or service',
    '• `/release help`: this',
  ].join('\n');
  const example = catalogue.projects[0]?.id ?? 'all';
  return {
    text: 'What /release can do',
    blocks: [
      section(`*What /release can do* for ${plain(catalogue.name)}\n${text}`),
      context(
        `A cut-off or a deploy opens one modal, and nothing starts before you tick confirm. Example: \`/release deploy ${example}\``,
      ),
    ],
  };
}

/** `service` is one of the catalogue, as an example. */
function deploymentHelp(service: string): string {
  return `• \`/release validate service [region]\`: its latest deployment to production; with a region it is looked at again, such as \`/release validate ${plain(service, 64)}\``;
}

/** Deployments to show, and when. */
export interface Deployments {
  promotions: readonly Promotion[];
  now: Date;
}
export const noDeployments: Deployments = { promotions: [], now: new Date(0) };

/** A release with what its events say now. */
export interface Validation {
  release: Release;
  standing: Standing;
}

/** `/release status`: the releases in validation, the latest deployments, then the latest invocations. */
export function statusAnswer(
  states: readonly Invocation[],
  validations: readonly Validation[] = [],
  { promotions, now }: Deployments = noDeployments,
): MessageBody {
  if (states.length + validations.length + promotions.length === 0)
    return {
      text: 'Nothing was started yet',
      blocks: [section('Nothing was started yet. Begin with `/release`.')],
    };
  const releases = [section('*Releases in validation*'), ...validations.map(validationLine)];
  const invocations = [section('*Latest invocations*'), ...states.map(statusLine)];
  return {
    text: validations.length > 0 ? 'Releases in validation and latest invocations' : 'Latest invocations',
    blocks: [
      ...(validations.length > 0 ? releases : []),
      ...promotionLines(promotions, now),
      ...(states.length > 0 ? invocations : []),
    ],
  };
}

function validationLine({ release, standing }: Validation): Block {
  const { emoji, word } = releaseVerdictOf(release, standing);
  const counts = gateCountsOf(standing.statuses)
    .map(({ word: gate, count }) => `${count} ${signOf(gate, { answers: 'checks' }).word}`)
    .join(', ');
  return section(
    `${emoji} *${word}* · ${releaseTitleOf(release)}${counts ? ` · ${counts}` : ''}\n${code(release.id)} · ${moment(release.openedAt)}`,
  );
}

/** `/release status <release>`: what its message shows; the buttons stay with the message. */
export function releaseAnswer({ release, standing }: Validation, now: Date): MessageBody {
  const { text, blocks } = releaseMessage(release, standing, now);
  return { text, blocks: blocks.filter(({ type }) => type !== 'actions') };
}

function statusLine(state: Invocation): Block {
  const { emoji, word } = verdictOf(state);
  const counts = countsOf(state.targets)
    .map(({ word: target, count }) => `${count} ${targetSigns[target].word}`)
    .join(', ');
  return section(
    `${emoji} *${word}* · ${plain(titleOf(state))}${counts ? ` · ${counts}` : ''}\n${code(state.id)} · ${moment(state.requestedAt)}`,
  );
}

/** `/release status <id>`: what its message shows, and a line for every target. */
export function invocationAnswer(state: Invocation, pacing: Pacing): MessageBody {
  const { text, blocks } = invocationMessage(state, pacing);
  return { text, blocks: [...blocks.filter(({ type }) => type !== 'actions'), ...targetLists(state)] };
}

/** What is left for names of Slack's budget for one message, shared by the lists. */
const namesUnits = 2_800;

/** All targets, named by where they stand; cut where Slack's limits end. */
function targetLists(state: Invocation): Block[] {
  const counts = countsOf(state.targets);
  return counts.map(({ word, count }) => {
    const names = state.targets.filter((target) => wordOf(target) === word).map(({ project }) => project);
    return context(
      `${targetSigns[word].emoji} *${count} ${targetSigns[word].word}:* ${plain(names.join(', '), Math.floor(namesUnits / counts.length))}`,
    );
  });
}
