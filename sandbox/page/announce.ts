import type { Message, Screen } from '../slack/screen.ts';
import type { State } from './store.ts';
import { nameOf } from './store.ts';
import { spoken } from './text/mrkdwn-draw.ts';

const longest = 300;

/**
 * Says new messages aloud to assistive technology: a polite live region gets the text of what came in
 * since the last screen. Changes of old messages are not read out; a progress bar would never be silent.
 */
export function announceNew(state: State, before: Screen | null, region: HTMLElement): void {
  if (!before || !state.screen || before.user.id !== state.screen.user.id) return;
  const known = new Set(before.channels.flatMap((channel) => everyMessage(channel.messages).map(keyOf)));
  const fresh = state.screen.channels
    .flatMap((channel) => everyMessage(channel.messages))
    .filter((message) => !known.has(keyOf(message)) && message.user !== state.userId);
  if (fresh.length === 0) return;
  region.textContent = fresh
    .map((message) => `${nameOf(state, message.user)}: ${spoken(state, message.text)}`)
    .join('. ')
    .slice(0, longest);
}

function everyMessage(messages: Message[]): Message[] {
  return messages.flatMap((message) => [message, ...message.replies]);
}

function keyOf(message: Message): string {
  return `${message.ts} ${message.ephemeral}`;
}
