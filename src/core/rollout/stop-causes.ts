/**
 * What ECS writes when a task stops, and what it means for people: plain data, first match wins. The strings are those
 * of the facts ("What each failure looks like"), of AWS's list of stopped-task errors and of published traces.
 */

/** What made a task stop. `unknown` counts as a failure: what is not understood is not good. */
export type StopKind =
  | 'image-pull'
  | 'resource-init'
  | 'cannot-start'
  | 'exec-format'
  | 'essential-exit'
  | 'out-of-memory'
  | 'killed'
  | 'elb-health'
  | 'container-health'
  | 'benign'
  | 'unknown';

/** In plain words: what happened, and who does what about it. */
export interface Cause {
  cause: string;
  remedy: string;
}

export interface SaidCause extends Cause {
  kind: StopKind;
  says: RegExp;
  /** More exactly, where the text tells more. */
  because?: readonly ({ says: RegExp } & Cause)[];
}

const deployAgain = 'and deploys again';

const pullCauses = [
  {
    says: /descriptor matching platform|match(?:ing)? (?:for platform|manifest for)/i,
    cause: 'The image could not be pulled: it is not built for the processor that runs it.',
    remedy: `The service owner builds the image for that platform ${deployAgain}.`,
  },
  {
    says: /may require/i,
    cause: 'The image could not be pulled: it does not exist, or the registry denies access.',
    remedy:
      'The service owner checks the name and tag of the image; the platform team checks the right to pull it.',
  },
  {
    says: /toomanyrequests|rate limit/i,
    cause: 'The image could not be pulled: the registry allows no more pulls for now.',
    remedy: 'The platform team gives the pulls a login or a cache of their own, then deploys again.',
  },
  {
    says: /no space left/i,
    cause: 'The image could not be pulled: the disk is full.',
    remedy: `The platform team makes room on the machines ${deployAgain}.`,
  },
  {
    says: /\b40[13]\b|denied|unauthori[sz]ed|not authori[sz]ed|no basic auth|authorization failed/i,
    cause: 'The image could not be pulled: the registry denies access.',
    remedy: `The platform team gives the task's execution role the right to pull the image ${deployAgain}.`,
  },
  {
    says: /not ?found|manifest unknown|does not exist|\b404\b/i,
    cause: 'The image could not be pulled: there is no such image or tag.',
    remedy: `The service owner pushes the image, or corrects its name in the task definition, ${deployAgain}.`,
  },
  {
    says: /time(?:d )?-?out|dial tcp|no such host|connection|deadline exceeded|\bEOF\b/i,
    cause: 'The image could not be pulled: the registry could not be reached.',
    remedy: `The platform team checks the way from the subnet to the registry (NAT, VPC endpoints) ${deployAgain}.`,
  },
] as const;

const initCauses = [
  {
    says: /(?:retrieve ecr|pull) registry auth/i,
    cause: 'The login to the image registry could not be fetched.',
    remedy:
      'The platform team checks the execution role and the way from the subnet to ECR (NAT, VPC endpoints).',
  },
  {
    says: /secret|\bssm\b/i,
    cause: 'A secret that the task needs could not be read.',
    remedy:
      'The service owner checks that the secret exists and has a value; the platform team that the execution role may read it.',
  },
  {
    says: /network interface|\beni\b/i,
    cause: 'The task got no network interface.',
    remedy: 'The platform team checks subnets, free addresses and limits of network interfaces.',
  },
  {
    says: /log group|log stream|logging driver|logger args|CloudWatch/i,
    cause: 'The log group of the task is missing or cannot be reached.',
    remedy:
      'The platform team creates the log group, or lets the execution role create it, and checks the way to CloudWatch.',
  },
] as const;

const startCauses = [
  {
    says: /port is already allocated|address already in use/i,
    cause: 'The container could not start: its port is taken.',
    remedy: 'The platform team checks the port mappings of the tasks on that machine.',
  },
  {
    says: /executable file not found|no such file|permission denied/i,
    cause: 'The container could not start: its command cannot be run.',
    remedy: `The service owner corrects the command, or the image, ${deployAgain}.`,
  },
  {
    says: /dependen(?:t|cy|cies)/i,
    cause: 'The container could not start: one that it depends on did not end well.',
    remedy: `The service owner looks into the lines of that container, corrects it ${deployAgain}.`,
  },
] as const;

/** In this order: how a start failed comes before what stopped the rest of the task. */
export const saidCauses: readonly SaidCause[] = [
  {
    kind: 'exec-format',
    says: /exec format error/i,
    cause: 'The program in the image is built for another processor.',
    remedy: `The service owner builds the image for the platform of the task ${deployAgain}.`,
  },
  {
    kind: 'image-pull',
    says: /CannotPull\w*|pull image manifest|failed to pull/i,
    because: pullCauses,
    cause: 'The image could not be pulled.',
    remedy: 'The service owner checks the image; the platform team checks the way to the registry.',
  },
  {
    kind: 'resource-init',
    says: /ResourceInitializationError|network interface|initialize logging driver|logger args/i,
    because: initCauses,
    cause: 'What the task needs before its start could not be set up.',
    remedy: 'The platform team looks into the words of ECS: role, network and settings of the task.',
  },
  {
    kind: 'cannot-start',
    says: /Cannot(?:Start|Create|Inspect)\w*Error|ContainerRuntime\w*Error|DockerTimeoutError/,
    because: startCauses,
    cause: 'The container could not start.',
    remedy: `The service owner looks into the words of ECS, corrects image or task definition ${deployAgain}.`,
  },
  {
    kind: 'out-of-memory',
    says: /OutOfMemory/i,
    cause: 'The container used more memory than it may have and was killed.',
    remedy: `The service owner raises its memory limit, or lowers what it uses, ${deployAgain}.`,
  },
  {
    kind: 'elb-health',
    says: /failed (?:\w+ )*(?:ELB|load balancer|target group|Lattice) health checks|is unhealthy in \(?target/i,
    cause: 'The load balancer found the task unhealthy.',
    remedy:
      'The service owner checks the path, port and start-up time that the load balancer asks for, and the lines of the task.',
  },
  {
    kind: 'container-health',
    says: /failed container health checks/i,
    cause: 'The health check of the container failed.',
    remedy: 'The service owner checks the health check of the task definition and the lines of the task.',
  },
];

/** Stops that say nothing about what was deployed (row 10). */
export const benignCodes: readonly string[] = ['SpotInterruption', 'TerminationNotice'];
export const benignReason = /^Scaling activity initiated by/i;

/** Not understood as a failure of what was deployed, and counted all the same (F6). */
export const otherCauses: readonly ({ says: RegExp } & Cause)[] = [
  {
    says: /UserInitiated|stopped by user/i,
    cause: 'Somebody stopped the task.',
    remedy: 'The release engineer asks who stopped it, and why.',
  },
  {
    says: /capacity is unavailable|RESOURCE:|no container instances/i,
    cause: 'AWS had no room for the task.',
    remedy: 'The platform team makes room: more machines, another size or another zone.',
  },
  {
    says: /Host EC2|underlying infrastructure|container instance/i,
    cause: 'The machine under the task went away.',
    remedy: 'The platform team looks at the machines of the cluster.',
  },
  {
    says: /health check/i,
    cause: 'A health check of the task failed.',
    remedy: 'The service owner checks the health checks and the lines of the task.',
  },
];

export const noCause: Cause = {
  cause: 'The task stopped, and what ECS says about it is not known here.',
  remedy: 'The service owner looks into the words of ECS and the lines of the task.',
};
