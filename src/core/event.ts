/** An event as a decision produces it: a type from a closed catalogue and its validated data. */
export interface EventShape {
  type: string;
  data: object;
}

/** An event as the store gives it back. `at` is an ISO 8601 time in UTC; `actor` a Slack user id, `gitlab:NAME` or `gonogo`. */
export type Recorded<E extends EventShape> = E & { seq: number; at: string; actor: string };

/** How one kind of stream is read: its name's prefix, its events, its fold. */
export interface StreamKind<S, E extends EventShape> {
  /** `invocation` for streams named `invocation/<id>`. */
  name: string;
  /** Validates what the store holds; throws on a type or a shape that the catalogue does not know. */
  parse(type: string, data: unknown): E;
  fold(id: string, state: S | null, event: Recorded<E>): S;
}
