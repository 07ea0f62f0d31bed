import { z } from 'zod';
import { storedLength } from '../slack-payload/stored-length.ts';
import { ABSENCE, quoted, twoLines, wrongType } from './wording.ts';

/** Words that stand for something else where people type a project (requirement A1). */
export const RESERVED_IDS: readonly string[] = ['all', 'status', 'help', 'cutoff', 'deploy', 'validate'];

const ID_LENGTH = 60;
const ID_PATTERN = new RegExp(`^(?!(?:${RESERVED_IDS.join('|')})$)[a-z0-9]+(?:-[a-z0-9]+)*$`);

/** Text with the wording for a missing or wrongly typed value; `example` is what to write, as YAML. */
export function text(example: string): z.ZodString {
  return z.string({ error: (issue) => wrongType(issue.input, 'text', example) });
}

/** Text that is there, of at most so many characters. */
export function some(example: string, max: number): z.ZodString {
  return text(example)
    .regex(/\S/, { error: twoLines(ABSENCE.empty, `Write, for example: ${example}`), abort: true })
    .max(max, { error: twoLines(`is longer than ${max} characters`, 'Write less.') });
}

/** A block of keys and no other; `example` is what to write, as YAML. */
export function block<Shape extends z.core.$ZodLooseShape>(shape: Shape, example: string) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'invalid_type' ? wrongType(issue.input, 'a block of keys', example) : undefined,
  });
}

/** A list; `example` is what to write, as YAML. */
export function listOf<Item extends z.core.$ZodType>(item: Item, example: string) {
  return z.array(item, { error: (issue) => wrongType(issue.input, 'a list', example) });
}

function wordId(input: unknown): string {
  if (typeof input === 'string' && RESERVED_IDS.includes(input)) {
    return twoLines(`"${input}" is a word of the /release command`, 'Choose another id.');
  }
  const slug = String(input)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const usable = ID_PATTERN.test(slug) && slug.length <= ID_LENGTH;
  return twoLines(
    `${quoted(input)} is no id: lower-case letters and digits, in words joined by single dashes`,
    usable ? `Write "${slug}".` : 'Write, for example: bf-manage-core',
  );
}

/** An id that people type: lower-case letters, digits and dashes, at most 60, none of the reserved words. */
export function identifier(example: string): z.ZodString {
  const tooLong = (input: unknown) =>
    twoLines(`${quoted(input)} has ${String(input).length} characters`, `Write at most ${ID_LENGTH}.`);
  return text(example)
    .max(ID_LENGTH, { error: (issue) => tooLong(issue.input), abort: true })
    .regex(ID_PATTERN, { error: (issue) => wordId(issue.input) });
}

/** A name shown in Slack; its length counts as Slack counts it. */
export function shownName(example: string, max: number): z.ZodString {
  const tooLong = (input: unknown) => {
    const units = storedLength(String(input), 'plain_text');
    const escapes = units > String(input).length ? ' (& < > count for more)' : '';
    return twoLines(`has ${units} characters${escapes}, Slack shows at most ${max}`, 'Write a shorter name.');
  };
  return text(example)
    .regex(/\S/, { error: twoLines(ABSENCE.empty, `Write, for example: ${example}`), abort: true })
    .max(max, { error: (issue) => tooLong(issue.input), abort: true })
    .refine((name) => storedLength(name, 'plain_text') <= max, { error: (issue) => tooLong(issue.input) });
}

const GITLAB_PATH = /^[a-zA-Z0-9_.][a-zA-Z0-9_.-]*(?:\/[a-zA-Z0-9_.][a-zA-Z0-9_.-]*)+$/;

function wordPath(input: unknown, example: string): string {
  const address = /^(?:https?:\/\/|git@)[^/:]+[/:](.+?)(?:\.git)?\/?$/.exec(String(input))?.[1];
  if (address !== undefined && GITLAB_PATH.test(address)) {
    return twoLines(`${quoted(input)} is an address, not a path`, `Write "${address}".`);
  }
  return twoLines(
    `${quoted(input)} is no project path of GitLab`,
    `Write the group and the project as in the address of the project, for example: ${example}`,
  );
}

/** A project's full path in GitLab: `group/project` or `group/subgroup/project`. */
export function gitlabPath(example: string): z.ZodString {
  return text(example)
    .max(255, {
      error: twoLines('is longer than 255 characters', `Write, for example: ${example}`),
      abort: true,
    })
    .regex(GITLAB_PATH, { error: (issue) => wordPath(issue.input, example) });
}

/** What git allows in a branch name, as far as one would meet it (git-check-ref-format). */
const BRANCH = /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\\]*[^\s~^:?*[\\/.]$/;

/** A git branch name. */
export function branchName(example: string): z.ZodString {
  const wording = (input: unknown) =>
    twoLines(`${quoted(input)} is no branch name that git takes`, `Write, for example: ${example}`);
  return text(example)
    .max(200, {
      error: twoLines('is longer than 200 characters', `Write, for example: ${example}`),
      abort: true,
    })
    .regex(BRANCH, { error: (issue) => wording(issue.input) });
}
