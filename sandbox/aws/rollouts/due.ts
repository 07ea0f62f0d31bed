/** Something that happens at a time. */
export interface Due {
  /** Ms since 1970. */
  at: number;
  happen: () => void;
}

/** What is still to happen, the earliest first; of the same time, what was put there first. */
export class DueList {
  readonly #heap: (Due & { number: number })[] = [];
  #numbers = 0;

  add(due: Due): void {
    this.#numbers += 1;
    const heap = this.#heap;
    heap.push({ ...due, number: this.#numbers });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#swapIfEarlier(i, parent)) return;
      i = parent;
    }
  }

  /** Takes the earliest out when its time has come. */
  take(now: number): Due | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (!first || first.at > now) return undefined;
    const last = heap.pop();
    if (last && heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const child = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(child, i)) return;
      i = child;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.at < other.at || (one.at === other.at && one.number < other.number);
  }

  #swapIfEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other || !this.#isEarlier(a, b)) return false;
    this.#heap[a] = other;
    this.#heap[b] = one;
    return true;
  }
}
