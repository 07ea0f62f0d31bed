import type { Evidence } from '../finding.ts';
import type { ServiceDeployment } from './observation.ts';
import type { Said } from './said.ts';
import { familyOf, mainImages } from './shows-release.ts';
import type { Sight } from './sight.ts';
import { benignStops } from './task-failures.ts';

/** What proves a verdict, in short values. Links are added by who knows the account and the region. */

const mostCharacters = 200;

/** Of what was seen, what bears on the verdict; the same order at every look. */
export function proofOf(sight: Sight, { row }: Said, at: string): Evidence[] {
  const { identity, unplaced, crashLoop, failures } = sight;
  const { deployment, rollout, primary, id } = identity;
  const [first] = failures;
  const isAbout = (when: string, label: string, value: string | null): Evidence[] =>
    value ? [{ label, value: short(value), url: null, at: when }] : [];
  const isOther = primary !== null && primary.id !== id;
  return [
    ...isAbout(at, 'Deployment', id && [id, deployment?.rolloutState].filter(Boolean).join(', ')),
    ...isAbout(at, 'ECS says', deployment?.rolloutStateReason ?? null),
    ...isAbout(at, 'Task definition', deployment ? familyOf(deployment.taskDefinition) : null),
    ...isAbout(at, 'PRIMARY', isOther ? `${primary.id}, ${familyOf(primary.taskDefinition)}` : null),
    ...isAbout(at, 'ECS says of PRIMARY', isOther ? primary.rolloutStateReason : null),
    ...isAbout(rollout?.createdAt ?? at, 'Service deployment', rollout && rolloutWords(rollout)),
    ...isAbout(at, 'Stage', rollout?.stage ?? null),
    ...isAbout(at, 'Waits for', rollout?.awaiting.join(', ') ?? null),
    ...isAbout(at, 'Circuit breaker', rollout && breakerWords(rollout, row === 4)),
    ...isAbout(at, 'Alarms', rollout && alarmWords(rollout, row === 4)),
    ...isAbout(first?.stoppedAt ?? at, 'First stopped task', first ? `${first.task}: ${first.cause}` : null),
    ...isAbout(unplaced?.at ?? at, 'Placement', unplaced?.message ?? null),
    ...isAbout(crashLoop?.at ?? at, 'Starts', crashLoop?.message ?? null),
    ...benignProof(sight, at),
  ];
}

function short(text: string): string {
  const [flat] = [text.replaceAll(/\s+/g, ' ').trim()];
  return flat.length > mostCharacters ? `${flat.slice(0, mostCharacters - 1)}…` : flat;
}

function rolloutWords({ status, statusReason }: ServiceDeployment): string {
  return statusReason ? `${status}: ${statusReason}` : status;
}

function breakerWords({ circuitBreaker }: ServiceDeployment, always: boolean): string | null {
  if (!circuitBreaker || (!always && circuitBreaker.failures === 0)) return null;
  const { status, failures, threshold } = circuitBreaker;
  return `${failures} failed tasks of ${threshold}, ${status}`;
}

function alarmWords({ alarms }: ServiceDeployment, always: boolean): string | null {
  if (!alarms || (!always && alarms.triggered.length === 0)) return null;
  return alarms.triggered.length > 0 ? alarms.triggered.join(', ') : alarms.status;
}

/** Row 10: stops that say nothing about what was deployed are ignored, and told. */
function benignProof({ own, definition }: Sight, at: string): Evidence[] {
  return benignStops(own, definition)
    .slice(0, 3)
    .map(({ id, stopCode, stoppedReason, stoppedAt }) => ({
      label: 'Stop that does not count',
      value: short(`${id}: ${stoppedReason || stopCode || ''}`),
      url: null,
      at: stoppedAt ?? at,
    }));
}

/** Digest of the main container's image, of what runs first of all. */
export function seenDigest({ own, running, identity, definition, rules }: Sight): string | null {
  const pulled = [...running, ...own].flatMap(({ containers }) =>
    containers.map(({ name, image, digest }) => ({ container: name, image, digest })),
  );
  const brought = identity.stage === 'missing' ? [] : (identity.rollout?.targetDigests ?? []);
  const images = mainImages({ taskDefinition: null, images: [...pulled, ...brought] }, rules, definition);
  return images.find(({ digest }) => digest !== null)?.digest ?? null;
}
