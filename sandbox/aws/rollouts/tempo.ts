/** How long each part of a task's life takes, in ms. */
export interface Tempo {
  provision: number;
  pull: number;
  activate: number;
  /** From RUNNING until the load balancer counts a task as healthy. */
  targetHealthy: number;
  /** From RUNNING until a container health check has passed. */
  containerHealthy: number;
  /** Until a task behind a load balancer has no connections any more. */
  drain: number;
  /** From SIGTERM to the end of the container. */
  stop: number;
  /** From the end of the container to STOPPED. */
  deprovision: number;
  /** Between two rounds of starts and stops of the scheduler. */
  scheduler: number;
}

/** On Fargate, behind a load balancer with its defaults (facts: 2 min 30 until a task counts). */
export const usual: Tempo = {
  provision: 9000,
  pull: 14_000,
  activate: 3000,
  targetHealthy: 150_000,
  containerHealthy: 30_000,
  drain: 60_000,
  stop: 6000,
  deprovision: 12_000,
  scheduler: 8000,
};

/** A small image, without a load balancer. */
export const fast: Tempo = {
  provision: 2000,
  pull: 3000,
  activate: 1000,
  targetHealthy: 10_000,
  containerHealthy: 5000,
  drain: 3000,
  stop: 1000,
  deprovision: 2000,
  scheduler: 2000,
};

/** How long after its begin a task runs. */
export function startOf(tempo: Tempo): number {
  return tempo.provision + tempo.pull + tempo.activate;
}
