import type { Props } from '../dom.ts';

const nearEnd = 40;
const reading = new WeakSet<HTMLElement>();

/**
 * For a box of messages: it stays at its end as messages arrive, unless the person has scrolled back to
 * read something.
 */
export const stickToEnd: Props = {
  drawn: (box) => {
    if (!reading.has(box)) box.scrollTop = box.scrollHeight;
  },
  on: {
    scroll: (event) => {
      const box = event.currentTarget as HTMLElement;
      if (box.scrollHeight - box.scrollTop - box.clientHeight > nearEnd) reading.add(box);
      else reading.delete(box);
    },
  },
};
