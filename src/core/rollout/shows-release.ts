import type { ObservedDefinition } from './observation.ts';
import type { RolloutRules } from './rules.ts';
import type { Expectation } from './verdict.ts';

/** What a deployment says about the release: that it is it, that it is another, or nothing. */
export type Shown = 'same' | 'different' | 'unknown';

/** What a deployment brings, as far as it was seen. */
export interface Build {
  taskDefinition: string | null;
  images: readonly SeenImage[];
}

export interface SeenImage {
  container: string;
  /** As it is named: `registry/team/app:1a2b3c4d`. */
  image: string;
  /** Of what was pulled; null before. */
  digest: string | null;
}

/**
 * Whether a deployment is the release's (facts: which deployment). Of task definition and digest, everything that the
 * pipeline said and that was seen must agree: a task definition may name a tag that somebody moved. Where neither says
 * anything, the tag of the main container's image has to show the commit.
 */
export function showsRelease(
  build: Build,
  expected: Expectation,
  rules: RolloutRules,
  definition: ObservedDefinition | null,
): Shown {
  const images = mainImages(build, rules, definition);
  const claims = [sameDefinition(build, expected), sameDigest(images, expected)];
  if (claims.includes('different')) return 'different';
  if (claims.includes('same')) return 'same';
  return showsCommit(images, expected.commit, rules.imageTag);
}

/** Images of the containers that are the service itself: the one of the rules, or the essential ones. */
export function mainImages(
  { images }: Build,
  rules: RolloutRules,
  definition: ObservedDefinition | null,
): SeenImage[] {
  const essential = definition?.containers.filter((one) => one.essential).map(({ name }) => name) ?? [];
  const named = rules.logs?.container ?? null;
  const main = named !== null && essential.includes(named) ? [named] : essential;
  return images.filter(({ container }) => main.length === 0 || main.includes(container));
}

function sameDefinition({ taskDefinition }: Build, expected: Expectation): Shown {
  if (expected.taskDefinition === null || taskDefinition === null) return 'unknown';
  return familyOf(taskDefinition) === familyOf(expected.taskDefinition) &&
    (taskDefinition === expected.taskDefinition || !isArn(taskDefinition) || !isArn(expected.taskDefinition))
    ? 'same'
    : 'different';
}

function isArn(taskDefinition: string): boolean {
  return taskDefinition.startsWith('arn:');
}

/** `family:revision` of a task definition. */
export function familyOf(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1) ?? taskDefinition;
}

/**
 * With several main containers, one that carries the digest is enough: the pipeline names one image. It is another
 * one only when all of them were pulled.
 */
function sameDigest(images: readonly SeenImage[], expected: Expectation): Shown {
  const digestOf = ({ image, digest }: SeenImage) => digest ?? image.split('@')[1] ?? null;
  if (expected.digest === null || images.length === 0) return 'unknown';
  if (images.some((one) => digestOf(one) === expected.digest)) return 'same';
  const pulled = new Set(images.flatMap((one) => (digestOf(one) === null ? [] : [one.container])));
  return images.every(({ container }) => pulled.has(container)) ? 'different' : 'unknown';
}

/** With several main containers, one that shows the commit is enough; what is seen of one must not contradict itself. */
function showsCommit(images: readonly SeenImage[], commit: string, imageTag: string): Shown {
  const names = new Map<string, Set<string>>();
  for (const { container, image } of images)
    names.set(container, (names.get(container) ?? new Set()).add(image));
  const shownBy = (own: ReadonlySet<string>): Shown => {
    const shown = [...own].map((image) => tagShows(image, commit, imageTag));
    return shown.find((one) => one === 'different') ?? shown.find((one) => one === 'same') ?? 'unknown';
  };
  const shown = new Set([...names.values()].map(shownBy));
  if (shown.has('same')) return 'same';
  return shown.has('different') ? 'different' : 'unknown';
}

/** A tag may hold the whole commit or its beginning, at least 7 digits. One of another form says nothing. */
function tagShows(image: string, commit: string, imageTag: string): Shown {
  const [before = '', after = ''] = imageTag.split(/\{(?:commit|short)\}/, 2);
  const tag = /:([^:/]+)$/.exec(image.split('@')[0] ?? '')?.[1] ?? '';
  const isOfForm = tag.length > before.length + after.length && tag.startsWith(before) && tag.endsWith(after);
  const hash = isOfForm ? tag.slice(before.length, tag.length - after.length).toLowerCase() : '';
  if (!/^[0-9a-f]{7,64}$/.test(hash)) return 'unknown';
  return commit.toLowerCase().startsWith(hash) ? 'same' : 'different';
}
