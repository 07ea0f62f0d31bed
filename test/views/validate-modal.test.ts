import { describe, expect, test } from 'vitest';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { validateModal, validationElsewhere } from '../../src/views/validate-modal.ts';
import { workspaceModal } from '../../src/views/workspace-modal.ts';
import { event, identified, phase, releaseOf, workspace } from '../commands/sample-release.ts';
import { releases } from '../support/catalogue.ts';
import { cut, linesOf, longPhase } from './release-forms.ts';
import { hostileTexts } from './states.ts';

interface Input {
  block_id?: string;
  element?: { initial_value?: string };
}
const filledIn = ({ blocks }: { blocks: object[] }) =>
  Object.fromEntries(
    (blocks as Input[]).flatMap(({ block_id, element }) =>
      block_id && element ? [[block_id, element.initial_value ?? null]] : [],
    ),
  );

describe('the form that opens a release (B1)', () => {
  test('asks for the name, filled in, and says what will happen', () => {
    const view = validateModal(phase, '2026.47', releases);
    expect(filledIn(view)).toEqual({ name: '2026.47' });
    expect(linesOf(view)[0]).toContain('2 automated checks, and asks people for 3 more answers');
    expect(view.private_metadata).toBe(releases);
  });

  test.each(hostileTexts)('is taken by Slack with %j in the catalogue', (text) => {
    const strange = {
      ...longPhase(1, 1, text),
      environment: cut(text, 255) || 'x',
      name: cut(text, 75),
    };
    expect(checkView(validateModal(strange, '2026.47', releases))).toEqual([]);
    expect(checkView(validationElsewhere(cut(text, 40), releases))).toEqual([]);
  });
});

describe('the form for workspace and depot (B4)', () => {
  test('is filled in with what is recorded, or else as the catalogue suggests', () => {
    const suggested = workspaceModal(releaseOf([identified()]), phase.workspaces);
    expect(filledIn(suggested)).toEqual({ workspace: 'Smoke test', depot: 'Depot A', approval: null });
    const other = event('WorkspaceRecorded', { workspace: 'W', depot: 'D', approval: 'Rita said so' });
    const recorded = workspaceModal(releaseOf([identified(), other]), phase.workspaces);
    expect(filledIn(recorded)).toEqual({ workspace: 'W', depot: 'D', approval: 'Rita said so' });
    const nothing = workspaceModal(releaseOf([identified()]), null);
    expect(filledIn(nothing)).toEqual({ workspace: null, depot: null, approval: null });
  });

  test('names the reserved workspaces, as many as fit', () => {
    const lines = linesOf(workspaceModal(releaseOf([workspace()]), phase.workspaces));
    expect(lines).toContain('Reserved: Depot simulation');
    const many = { suggested: null, reserved: Array.from({ length: 100 }, (_, index) => `W${index}`) };
    const view = workspaceModal(releaseOf([workspace()]), many);
    expect(linesOf(view).at(-1)).toContain('and 90 more');
    expect(checkView(view, 2)).toEqual([]);
  });

  test.each(hostileTexts)('is taken by Slack with %j in it', (text) => {
    const name = cut(text, 150) || 'x';
    const strange = event('WorkspaceRecorded', { workspace: name, depot: name, approval: name });
    const names = { suggested: null, reserved: Array.from({ length: 50 }, () => name) };
    expect(checkView(workspaceModal(releaseOf([strange]), names), 2)).toEqual([]);
  });
});
