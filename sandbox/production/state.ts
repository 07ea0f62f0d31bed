/** One reason why a region may not be deployed to yet, as the bot says it. */
export interface GateHold {
  service: string;
  region: string;
  /** Whether waiting can help; otherwise somebody has to do something. */
  canPass: boolean;
  why: string;
  todo: string;
}

/** What the bot says of a region's gate; `trouble`: what came instead of an answer, and then the gate is shut. */
export type GateSaid = { open: boolean; holds: GateHold[] } | { trouble: string };

/**
 * Where the latest pipeline of a region is: at the gate, before the apply (Terraform plans), in the apply, or over.
 * `held`: the gate's job failed, so that Terraform never ran.
 */
export type PipelineStep = 'none' | 'gate' | 'plan' | 'apply' | 'applied' | 'held' | 'failed';

/** One region of the service, as the panel and tests see it. */
export interface RegionView {
  region: string;
  cluster: string;
  /** Of GitLab. */
  environment: string;
  /** What the bot says now for the commit on its way. */
  gate: GateSaid;
  step: PipelineStep;
  /** What was deployed or held last, and with which script; null before the first. */
  commit: string | null;
  script: string | null;
  pipelineId: number | null;
  /** Why the pipeline failed, in words; null when it did not. */
  trouble: string | null;
}

export interface ProductionState {
  service: string;
  /** Full path in GitLab. */
  project: string;
  /** The head of the release branch: what the next pipelines deploy. */
  commit: string;
  title: string;
  /** In the order in which they may be deployed. */
  regions: RegionView[];
}
