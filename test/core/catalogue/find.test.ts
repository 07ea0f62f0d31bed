import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { branchOf, findProject, projectByPath, targetsOf } from '../../../src/core/catalogue/find.ts';
import { editDistance, nearest } from '../../../src/core/catalogue/nearest.ts';
import { sample } from './sample.ts';

const checked = checkCatalogue(sample());
if (!checked.ok) throw new Error('the sample must be a valid catalogue');
const { catalogue } = checked;

describe('finding projects', () => {
  test('by id, exactly as people pick it', () => {
    expect(findProject(catalogue, 'bf-telematics')?.path).toBe('betterfleet/bf-telematics');
    expect(findProject(catalogue, 'BF-telematics')).toBeUndefined();
    expect(findProject(catalogue, 'constructor')).toBeUndefined();
  });

  test('by GitLab path, whatever its case', () => {
    expect(projectByPath(catalogue, 'BetterFleet/bf-telematics')?.id).toBe('bf-telematics');
    expect(projectByPath(catalogue, 'betterfleet/bf-dev')).toBeUndefined();
    const capital = { id: 'bf-x', path: 'BetterFleet/BF-X', releaseBranch: 'release' };
    expect(projectByPath({ ...catalogue, projects: [capital] }, 'betterfleet/bf-x')).toBe(capital);
  });

  test('all means every project, one id that project alone, and an unknown id nothing that could run', () => {
    expect(targetsOf(catalogue, 'all')?.map(({ id }) => id)).toEqual(['bf-manage-core', 'bf-telematics']);
    expect(targetsOf(catalogue, 'bf-telematics')?.map(({ id }) => id)).toEqual(['bf-telematics']);
    expect(targetsOf(catalogue, 'bf-nothing')).toBeUndefined();
  });

  test('a branch is that of the project', () => {
    expect(branchOf(catalogue, 'bf-manage-core')).toBe('release');
    expect(branchOf(catalogue, 'bf-telematics')).toBe('release/2026');
    expect(branchOf(catalogue, 'bf-nothing')).toBeUndefined();
  });
});

describe('the nearest word', () => {
  test.each([
    ['mange', ['depot', 'manage'], 'manage'],
    ['bf-manage-cor', ['bf-manage-core', 'bf-manage-connect'], 'bf-manage-core'],
    ['DEPLOY', ['cutoff', 'deploy'], 'deploy'],
    ['xyz', ['manage', 'depot'], undefined],
    ['ab', ['cd'], undefined],
    ['anything', [], undefined],
    ['x'.repeat(1_500), ['x'.repeat(1_499)], undefined],
  ])('to %j in %j is %j', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
  ])('the distance from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  test('the distance is the same both ways, and nothing only between equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (from, to) => {
        expect(editDistance(from, to)).toBe(editDistance(to, from));
        expect(editDistance(from, to) === 0).toBe(from === to);
      }),
    );
  });
});
