import { describe, expect, test } from 'vitest';
import { actions } from '../../src/core/action.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { checkOptions, checkView } from '../../src/core/slack-payload/check-view.ts';
import { projectSuggestions, startedElsewhere, startModal } from '../../src/views/start-modal.ts';
import { catalogueOf } from '../support/catalogue.ts';
import { hostileTexts } from './states.ts';

const nothing = { action: null, project: null, channel: 'C0RELEASES' };
const longNames = (count: number): Catalogue => {
  const { projects, ...rest } = catalogueOf(count);
  return {
    ...rest,
    projects: projects.map((project) => ({ ...project, id: `${'n'.repeat(55)}-${project.id.slice(2)}` })),
  };
};
/** Each project in a group of its own, and one in none. */
const grouped = (count: number): Catalogue => {
  const { projects, ...rest } = catalogueOf(count);
  const groups = projects.slice(1).map(({ id }) => ({ id, name: `Group & ${id}` }));
  return {
    ...rest,
    groups,
    projects: projects.map((project, index) => (index === 0 ? project : { ...project, group: project.id })),
  };
};

interface Element {
  type: string;
  options?: { value: string; text: { text: string } }[];
  option_groups?: { label: { text: string }; options: { value: string }[] }[];
  initial_option?: { value: string };
}
const elements = (catalogue: Catalogue, preset = nothing as Parameters<typeof startModal>[1]) =>
  startModal(catalogue, preset).blocks.map((block) => block['element'] as Element);
const listOf = (catalogue: Catalogue) => elements(catalogue)[1];

describe('the modal (A1)', () => {
  const sizes = [1, 16, 98, 99, 100, 101, 1_000];
  const presets = [
    nothing,
    ...actions.map((action) => ({ ...nothing, action })),
    { ...nothing, project: 'all' },
  ];
  const cases = sizes.flatMap((count) =>
    [catalogueOf(count), longNames(count), grouped(count)].flatMap((catalogue, kind) =>
      presets.map((preset, index): [number, string, number, Catalogue, typeof preset] => [
        count,
        ['plain', 'with long names', 'in groups'][kind] ?? '',
        index,
        catalogue,
        preset,
      ]),
    ),
  );
  test.each(cases)('of %i projects %s, preset %i, is taken by Slack', (_, __, ___, catalogue, preset) => {
    expect(checkView(startModal(catalogue, preset))).toEqual([]);
  });

  test.each([
    [1, 'static_select'],
    [99, 'static_select'],
    [100, 'external_select'],
    [1_000, 'external_select'],
  ])('of %i projects offers them by %s', (count, type) => {
    expect(listOf(catalogueOf(count))?.type).toBe(type);
  });

  test.each([1, 16, 99])('of %i projects offers each and all, once', (count) => {
    const catalogue = catalogueOf(count);
    const values = listOf(catalogue)?.options?.map(({ value }) => value);
    expect(values).toEqual(['all', ...catalogue.projects.map(({ id }) => id)]);
  });

  test('in groups offers each once, those without a group too, and no empty group', () => {
    const catalogue = grouped(5);
    const list = listOf({ ...catalogue, groups: [...catalogue.groups, { id: 'empty', name: 'Empty' }] });
    const labels = list?.option_groups?.map(({ label }) => label.text);
    expect(labels).toEqual(['Everything', ...catalogue.groups.map(({ name }) => name), 'Other projects']);
    const values = list?.option_groups?.flatMap(({ options }) => options.map(({ value }) => value));
    expect(values?.sort()).toEqual(['all', ...catalogue.projects.map(({ id }) => id)].sort());
  });

  test('offers exactly the two actions, in the words of the requirement (A2)', () => {
    expect(elements(catalogueOf(1))[0]?.options?.map(({ text }) => text.text)).toEqual([
      'bring-all-code-to-release-branch',
      'deploy-release-branch-to-staging',
    ]);
  });

  test.each([
    [catalogueOf(3), 'p-002'],
    [catalogueOf(300), 'p-200'],
    [catalogueOf(3), 'all'],
    [catalogueOf(300), 'all'],
  ])('has the preset project chosen', (catalogue, project) => {
    const [action, list, confirm] = elements(catalogue, { ...nothing, action: actions[1], project });
    expect(action?.initial_option?.value).toBe(actions[1]);
    expect(list?.initial_option?.value).toBe(project);
    expect(confirm).not.toHaveProperty('initial_options');
  });

  test('has nothing chosen when nothing is preset, and never confirm (A3)', () => {
    for (const element of elements(catalogueOf(3))) {
      expect(element).not.toHaveProperty('initial_option');
      expect(element).not.toHaveProperty('initial_options');
    }
  });

  test('is the same each time', () => {
    expect(startModal(grouped(50), nothing)).toEqual(startModal(grouped(50), nothing));
  });
});

describe('the type-ahead', () => {
  const values = (catalogue: Catalogue, typed: string) =>
    projectSuggestions(catalogue, typed).options.map(({ value }) => value);

  test.each<[string, string[]]>([
    ['p-007', ['p-007']],
    ['P-007', ['p-007']],
    [' p-007 ', ['p-007']],
    ['al', ['all']],
    ['ALL', ['all']],
    ['nothing like it', []],
    ['99', ['p-099', 'p-199', 'p-299']],
    ['.*', []],
    ['<!channel>', []],
  ])('for %j answers %j', (typed, expected) => {
    expect(values(catalogueOf(300), typed)).toEqual(expected);
  });

  test('answers at most 100, all first', () => {
    const found = values(catalogueOf(1_000), '');
    expect(found).toHaveLength(100);
    expect(found.slice(0, 2)).toEqual(['all', 'p-001']);
  });

  test('puts ids that begin with what was typed before those that contain it', () => {
    const projects = ['x-web', 'web-y', 'a-web-b', 'web'].map((id) => ({
      id,
      path: `g/${id}`,
      releaseBranch: 'release',
    }));
    expect(values(catalogueOf(1, { projects }), 'web')).toEqual(['web-y', 'web', 'x-web', 'a-web-b']);
  });

  test.each(['', 'p', '0', 'zzz', ...hostileTexts])('for %j is taken by Slack', (typed) => {
    expect(checkOptions(projectSuggestions(catalogueOf(1_000), typed))).toEqual([]);
  });
});

test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))(
  'the note for %j is taken by Slack',
  (_, title) => {
    expect(checkView(startedElsewhere('C0RELEASES', title))).toEqual([]);
  },
);
