import type { GateSaid, PipelineStep, RegionView } from '../../production/state.ts';
import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { act } from './act.ts';
import { drawEcs } from './production-ecs.ts';
import { defaultHappening, happeningGroups, happeningOf } from './production-happenings.ts';

/** Draws one region: its gate, what shall happen at the next deployment, and what runs there. */
export function drawRegion(app: App, view: RegionView, before: string | null): Child {
  const { region } = view;
  return h(
    'fieldset',
    { key: region, class: 'region' },
    h('legend', {}, region, h('span', { class: 'quiet' }, before ? ` · after ${before}` : ' · the first')),
    drawGate(view.gate, before),
    drawHappening(app, region),
    drawButtons(app, view),
    h('p', { key: 'step', class: 'panel-note', role: 'status' }, stepInWords(view)),
    drawEcs(app.state.aws, view, app.state.production?.service ?? ''),
  );
}

function drawGate(gate: GateSaid, before: string | null): Child {
  const isOpen = 'open' in gate && gate.open;
  const sign = h('span', { 'aria-hidden': 'true' }, isOpen ? '✓ ' : '✕ ');
  const holds = 'holds' in gate ? gate.holds : [];
  return h(
    'div',
    { key: 'gate', class: 'gate' },
    h(
      'p',
      {},
      h('span', { class: isOpen ? 'status good' : 'status wait' }, sign, isOpen ? 'Gate open' : 'Gate held'),
      before === null && isOpen && ' It always is: nothing is known before the first region is deployed.',
      'trouble' in gate && ` ${gate.trouble} No answer holds the gate.`,
    ),
    holds.map(({ why, todo }, i) =>
      h('p', { key: String(i), class: 'hold' }, why, h('span', { class: 'quiet' }, ` ${todo}`)),
    ),
  );
}

function drawHappening(app: App, region: string): Child {
  const { ecsScripts, happenings } = app.state;
  const id = `happening-${region}`;
  const groups = happeningGroups(ecsScripts);
  const value = happenings[region] ?? defaultHappening;
  const chosen = groups.flatMap((group) => group.happenings).find((one) => one.id === value);
  const choose = (event: Event) => {
    const picked = (event.target as HTMLSelectElement).value;
    app.change({ happenings: { ...happenings, [region]: picked } });
  };
  return [
    h(
      'div',
      { key: 'happening', class: 'panel-field happening' },
      h('label', { for: id }, 'What happens', h('span', { class: 'visually-hidden' }, ` in ${region}`)),
      h(
        'select',
        { id, value, 'aria-describedby': `${id}-says`, on: { change: choose } },
        groups.map(({ title, happenings: all }) =>
          h(
            'optgroup',
            { key: title, label: title },
            all.map((one) => h('option', { key: one.id, value: one.id }, one.label)),
          ),
        ),
      ),
    ),
    h('p', { key: 'says', id: `${id}-says`, class: 'quiet happening-says' }, chosen?.says ?? ''),
  ];
}

const busy: readonly PipelineStep[] = ['gate', 'plan', 'apply'];

function drawButtons(app: App, { region, step }: RegionView): Child {
  const isBusy = busy.includes(step);
  const deploy = (anyway: boolean) => {
    if (isBusy) return;
    const { script, logs } = happeningOf(app.state.happenings[region] ?? defaultHappening);
    const wish = { region, script, ...(logs && { logs }), ...(anyway && { anyway }) };
    void act(app, 'production', 'deploy', wish);
  };
  const button = (words: string, anyway: boolean) =>
    h(
      'button',
      {
        key: words,
        type: 'button',
        class: anyway ? 'button small' : 'button small primary',
        'aria-disabled': isBusy ? 'true' : undefined,
        on: { click: () => deploy(anyway) },
      },
      words,
    );
  return h(
    'div',
    { key: 'buttons', class: 'panel-line' },
    button(`Deploy to ${region}`, false),
    step === 'held' && button('Deploy anyway', true),
  );
}

function stepInWords({ step, commit, pipelineId, trouble }: RegionView): string {
  const pipeline = pipelineId === null ? 'The pipeline' : `Pipeline ${pipelineId}`;
  const what = commit?.slice(0, 8) ?? 'it';
  const words: Record<PipelineStep, string> = {
    none: 'No pipeline has run here yet.',
    gate: `${pipeline} asks the bot’s gate…`,
    plan: `${pipeline}: Terraform plans ${what}…`,
    apply: `${pipeline}: Terraform applies ${what}…`,
    applied: `${pipeline}: Terraform applied ${what}. The bot validates it now: see #releases.`,
    held: `${pipeline} was held: the job that asks the gate failed, so Terraform did not run for ${what}.`,
    failed: `${pipeline} failed: ${trouble ?? 'nobody knows why'}`,
  };
  return words[step];
}
