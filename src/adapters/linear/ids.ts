import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import { ask, type LinearOptions } from './client.ts';
import { labelsAnswer, labelsDocument, teamAnswer, teamDocument } from './documents.ts';

/** How long an id is believed to be that of a name, in ms. */
const freshMs = 5 * 60_000;

/**
 * Ids of the team and of labels by what people call them, remembered for a while. What is not there is not
 * remembered: somebody is about to make it.
 */
export class LinearIds {
  readonly #options: LinearOptions;
  #team: { id: string; until: number } | null = null;
  readonly #labels = new Map<string, { id: string; until: number }>();

  constructor(options: LinearOptions) {
    this.#options = options;
  }

  /** Throws `OutsideError`: refused, naming the team, when Linear shows none with this key. */
  async team(signal: AbortSignal): Promise<string> {
    if (this.#team && this.#team.until > Date.now()) return this.#team.id;
    const key = this.#options.team;
    const { teams } = await ask(this.#options, teamDocument, { key }, teamAnswer, signal);
    const [found] = teams.nodes;
    if (!found)
      throw new OutsideError('refused', problem('linear-team-missing', { team: key }), { cause: null });
    this.#team = { id: found.id, until: Date.now() + freshMs };
    return found.id;
  }

  /**
   * Labels of the team or of the whole workspace; the team's own when both have one of the name. Throws
   * `OutsideError`: refused, naming those that are missing.
   */
  async labels(names: readonly string[], signal: AbortSignal): Promise<string[]> {
    const unknown = names.filter((name) => this.#known(name) === undefined);
    if (unknown.length > 0) await this.#learn(unknown, signal);
    const missing = names.filter((name) => this.#known(name) === undefined);
    const { team } = this.#options;
    if (missing.length > 0)
      throw new OutsideError('refused', problem('linear-label-missing', { labels: missing, team }), {
        cause: null,
      });
    return names.flatMap((name) => this.#known(name) ?? []);
  }

  /** After a refusal: an id may be that of something that was deleted. */
  forget(): void {
    this.#team = null;
    this.#labels.clear();
  }

  #known(name: string): string | undefined {
    const found = this.#labels.get(name);
    return found && found.until > Date.now() ? found.id : undefined;
  }

  async #learn(names: readonly string[], signal: AbortSignal): Promise<void> {
    const team = await this.team(signal);
    const { issueLabels } = await ask(this.#options, labelsDocument, { names }, labelsAnswer, signal);
    const usable = issueLabels.nodes.filter((label) => !label.team || label.team.id === team);
    const until = Date.now() + freshMs;
    for (const { id, name } of usable.sort((a, b) => Number(Boolean(a.team)) - Number(Boolean(b.team))))
      this.#labels.set(name, { id, until });
  }
}
