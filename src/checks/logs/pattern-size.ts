/** Beyond this nobody needs the figure. */
const enough = 1_000_000;

/**
 * About how many steps a pattern has when its counted repetitions (`x{1,30}`) are written out, by a look at its text
 * alone. Never much less than what the engine makes of it; somewhat more for escapes.
 */
export function sizeAtMost(pattern: string): number {
  /** What was counted in each group that is open, outermost first, and its last part. */
  const open: { sum: number; last: number }[] = [{ sum: 0, last: 0 }];
  let at = 0;
  const top = () => open.at(-1) ?? { sum: 0, last: 0 };
  const add = (size: number) => {
    const group = top();
    group.sum = Math.min(enough, group.sum + group.last);
    group.last = size;
  };
  while (at < pattern.length) {
    const [token = '', least, most] = nextToken(pattern, at);
    at += token.length;
    if (token === '(') open.push({ sum: 1, last: 0 });
    else if (token === ')' && open.length > 1) {
      const { sum, last } = open.pop() ?? { sum: 0, last: 0 };
      add(sum + last + 1);
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most || least), 1);
      const group = top();
      // Optional repetitions need a step more each.
      group.last = Math.min(enough, group.last * times + (most === undefined ? 0 : times));
    } else add(1);
  }
  return open.reduce((sum, group) => Math.min(enough, sum + group.sum + group.last), 0);
}

/** The next part of a pattern that stands for itself: `\d`, `[a-z]`, `(`, `{1,30}` with its numbers, a character. */
const part =
  /\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:\[:[^\]]*:\]|\\[\s\S]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/y;

function nextToken(pattern: string, at: number): RegExpExecArray | string[] {
  part.lastIndex = at;
  return part.exec(pattern) ?? [pattern.slice(at, at + 1)];
}
