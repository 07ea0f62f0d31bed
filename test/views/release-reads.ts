import type { MessageBody } from '../../src/core/ports.ts';
import { olga, rita, tess } from './release-story.ts';
import { mrkdwnIn, pingsIn } from './slack-reads.ts';
import { hostileTexts } from './states.ts';

/** What the tests of a release's replies look for. */

export const textOf = (body: MessageBody) => mrkdwnIn(body.blocks).join('\n');
export const hostile = hostileTexts.map((text): [string, string] => [text.slice(0, 30), text]);
const people = [`<@${rita}>`, `<@${tess}>`, `<@${olga}>`];
/** Whoever it would ping besides the people of the samples. */
export const strangersIn = (body: MessageBody) => pingsIn(body).filter((ping) => !people.includes(ping));
