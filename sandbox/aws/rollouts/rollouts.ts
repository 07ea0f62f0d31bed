import type { Service } from '../ecs/entities.ts';
import { apply } from './apply.ts';
import type { Change } from './change.ts';
import { DueList } from './due.ts';
import { type Begin, courseOf } from './opening.ts';
import type { Script } from './script.ts';
import type { Stage } from './stage.ts';
import type { RolloutWish } from './wish.ts';

/** What began: ids as the API has them, null where the script makes none. */
export interface Begun extends Begin {
  /** When the last thing happens, in ms since 1970. */
  endsAt: number;
}

/** Rollouts under way, in every account and region: what is due is played whenever somebody asks, without a timer. */
export class Rollouts {
  readonly #due = new DueList();
  /** The course that a service is on: another one ends it. */
  readonly #courses = new Map<Service, object>();

  /** Starts a rollout at `now` and plays what has happened of it. Throws HttpError for a wish that cannot be. */
  start(stage: Stage, script: Script, wish: RolloutWish, now: number): Begun {
    this.end(stage.service);
    const { course, begin } = courseOf(stage, script, wish, now);
    const changes = course.ordered();
    const mark = {};
    this.#courses.set(stage.service, mark);
    this.#queue(stage, changes, 0, mark);
    this.playUntil(now);
    return { ...begin, endsAt: changes.at(-1)?.at ?? now };
  }

  /** Starts it later, with what the service has then. */
  startAt(at: number, stage: Stage, script: Script, wish: RolloutWish): void {
    this.#due.add({ at, happen: () => void this.start(stage, script, wish, at) });
  }

  /** Nothing more happens by itself to a service. */
  end(service: Service): void {
    this.#courses.delete(service);
  }

  /** Lets everything happen that is due. */
  playUntil(now: number): void {
    for (let due = this.#due.take(now); due; due = this.#due.take(now)) due.happen();
  }

  /** One entry a rollout waits in the list: its next change. */
  #queue(stage: Stage, changes: readonly Change[], next: number, mark: object): void {
    const change = changes[next];
    if (!change) return;
    this.#due.add({
      at: change.at,
      happen: () => {
        if (this.#courses.get(stage.service) !== mark) return;
        apply(stage.region, stage.cluster, stage.service, change);
        this.#queue(stage, changes, next + 1, mark);
      },
    });
  }
}
