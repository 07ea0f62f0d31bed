import { describe, expect, test } from 'vitest';
import { problem } from '../../src/core/problem.ts';
import type { Release } from '../../src/core/release/state.ts';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { type ItemForm, itemModal, readItemMetadata } from '../../src/views/item-modal.ts';
import { answered, event, identified, releaseOf, workspace } from '../commands/sample-release.ts';
import { ada, tess } from '../support/catalogue.ts';
import { buttonsOf, item, linesOf, longRelease } from './release-forms.ts';
import { mrkdwnIn } from './slack-reads.ts';
import { hostileTexts } from './states.ts';

const blank: ItemForm = { user: tess, entered: null, problem: null };
const modal = (release: Release, gate: string, form: Partial<ItemForm> = {}) =>
  itemModal(release, item(release, gate), { ...blank, ...form });

interface Input {
  block_id?: string;
  element?: {
    initial_option?: { value: string };
    initial_value?: string;
    max_length?: number;
    options?: { text: { text: string } }[];
  };
}
const inputOf = (view: { blocks: object[] }, block: string) =>
  (view.blocks as Input[]).find(({ block_id }) => block_id === block)?.element;

describe('the form of one item (B4)', () => {
  test('shows the document’s rule, the workspace and where the item stands', () => {
    expect(linesOf(modal(releaseOf([identified(), workspace()]), 'login'))).toEqual([
      '*Login succeeds*\nGate 3: Core smoke',
      '*Rule:* Passes for a normal admin user.',
      'Workspace *Smoke test*, depot *Depot A*',
      ':white_circle: *open* · assigned to nobody',
    ]);
  });

  test('keeps ids only: the item, and the answers that it shows', () => {
    const release = releaseOf([
      identified(),
      workspace(),
      answered('login'),
      [answered('login', { outcome: 'fail', note: 'no' }), { actor: ada }],
    ]);
    const { private_metadata } = modal(release, 'login');
    expect(private_metadata).toBe('2026.47/login/1/5,6');
    expect(readItemMetadata(private_metadata)).toEqual({
      release: '2026.47',
      gate: 'login',
      pass: 1,
      saw: [5, 6],
    });
    expect(readItemMetadata('2026.47/login/2/')).toEqual({
      release: '2026.47',
      gate: 'login',
      pass: 2,
      saw: [],
    });
    expect(readItemMetadata('')).toEqual({ release: '', gate: '', pass: 0, saw: [] });
  });

  test('words the outcomes as the group does (B5)', () => {
    const wordsOf = (gate: string) =>
      inputOf(modal(releaseOf([identified()]), gate), 'outcome')?.options?.map(({ text }) => text.text);
    expect(wordsOf('login')).toEqual(['Pass', 'Fail', 'Not applicable']);
    expect(wordsOf('roaming')).toEqual(['Completed', 'Blocked', 'Not required']);
  });

  test('fills in the person’s own answer, and nobody else’s', () => {
    const link = 'https://gitlab.test/1';
    const release = releaseOf([identified(), workspace(), answered('login', { note: 'fine', link })]);
    const own = modal(release, 'login');
    expect(inputOf(own, 'outcome')?.initial_option?.value).toBe('pass');
    expect(inputOf(own, 'note')?.initial_value).toBe('fine');
    expect(inputOf(own, 'link')?.initial_value).toBe(link);
    const another = modal(release, 'login', { user: ada });
    expect(inputOf(another, 'outcome')).not.toHaveProperty('initial_option');
    expect(inputOf(another, 'note')).not.toHaveProperty('initial_value');
    expect(linesOf(another)).toContainEqual(
      expect.stringMatching(/^:white_check_mark: \*pass\* · <@U0TESTER> · .+ · fine · <https:.+\|evidence>$/),
    );
  });

  test('that comes back says why and keeps what was entered', () => {
    const release = releaseOf([identified(), workspace(), answered('login')]);
    const view = modal(release, 'login', {
      user: ada,
      entered: { outcome: 'fail', note: 'no chart', link: null },
      problem: problem('answered-meanwhile', { by: tess, outcome: 'pass' }),
    });
    expect(linesOf(view)[0]).toMatch(/^:warning: \*It was answered "pass" meanwhile\.\*.+<@U0TESTER>$/);
    expect(inputOf(view, 'outcome')?.initial_option?.value).toBe('fail');
    expect(inputOf(view, 'note')?.initial_value).toBe('no chart');
  });

  test('offers to assign it, and whoever has it to give it back', () => {
    const free = releaseOf([identified()]);
    expect(buttonsOf(modal(free, 'login'))).toEqual(['item_assign 2026.47/login/me']);
    const mine = releaseOf([identified(), event('ItemAssigned', { gate: 'login', to: tess })]);
    expect(buttonsOf(modal(mine, 'login'))).toEqual(['item_assign 2026.47/login/none']);
    expect(buttonsOf(modal(mine, 'login', { user: ada }))).toEqual(['item_assign 2026.47/login/me']);
  });
});

describe('whatever people wrote', () => {
  test.each([...hostileTexts, '&'.repeat(1_000), '🎉'.repeat(500)])('is taken by Slack: %j', (text) => {
    const release = longRelease(1, 1, text);
    for (const user of [tess, ada]) {
      const view = modal(release, 'item-0-0', { user });
      expect(checkView(view, 2)).toEqual([]);
      const marks = mrkdwnIn(view).flatMap((one) => one.match(/<[^>]*>/g) ?? []);
      expect(marks.filter((mark) => !/^<!date\^|^<@U0TESTER>$|^<https:\/\/gitlab/.test(mark))).toEqual([]);
    }
  });

  test('by 100 people at once is cut, and said to be', () => {
    const answers = Array.from({ length: 100 }, (_, index): [ReturnType<typeof answered>, object] => [
      answered('login', { note: 'n'.repeat(1_000) }),
      { actor: `U${index}` },
    ]);
    const view = modal(releaseOf([identified(), workspace(), ...answers]), 'login');
    expect(checkView(view, 2)).toEqual([]);
    expect(linesOf(view)).toContain('…and 95 earlier');
  });
});
