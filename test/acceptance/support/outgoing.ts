/** What left the bot, read as the other side reads it. */

/** The arguments of each call of Slack's Web API, JSON within them read: blocks, views. `asked` as a tap keeps it. */
export function slackCalls(asked: readonly string[]): Record<string, unknown>[] {
  return asked.map((one) => {
    const body = one.slice(one.indexOf('\n') + 1);
    if (body.startsWith('{')) return JSON.parse(body) as Record<string, unknown>;
    const fields = [...new URLSearchParams(body)];
    return Object.fromEntries(
      fields.map(([name, value]) => [name, /^[[{]/.test(value) ? JSON.parse(value) : value]),
    );
  });
}

/** What answers to Slack's own requests held: empty ones and plain words are left out. */
export function slackAnswers(answered: readonly string[]): unknown[] {
  return answered.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text));
}

/** Every text in which Slack reads marks: of blocks, and the text of a message itself. */
export function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const { type, text } = value as { type?: unknown; text?: unknown };
  // In plain text, code and formatted text Slack reads no marks; a formatted ping is an element of its own.
  if (type === 'plain_text' || type === 'text') return [];
  const own = typeof text === 'string' ? [text] : [];
  return [...own, ...entries.flatMap(([, inner]) => mrkdwnIn(inner))];
}

/** Elements of formatted text that ping somebody by their kind alone. */
export function pingElementsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(pingElementsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type } = value as { type?: unknown };
  const isPing = type === 'broadcast' || type === 'user' || type === 'usergroup';
  return [...(isPing ? [value] : []), ...Object.values(value).flatMap(pingElementsIn)];
}

/** Every text in which Linear reads Markdown: the descriptions and comments that were written. */
export function markdownIn(asked: readonly string[]): string[] {
  return asked.flatMap((one) => {
    const { variables } = JSON.parse(one.slice(one.indexOf('\n') + 1)) as { variables?: unknown };
    return textsNamed(variables, ['description', 'body', 'title']);
  });
}

function textsNamed(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (names.includes(name) ? [inner] : []) : textsNamed(inner, names),
  );
}
