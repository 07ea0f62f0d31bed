import { awsControl } from '../aws/control-client.ts';
import { gitlabControl } from '../gitlab/control-client.ts';
import { listen, openEventStream, Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import type { Bot } from './gate.ts';
import { type Pace, Pipelines, type Service } from './pipelines.ts';
import { ReleaseHead } from './release-branch.ts';
import type { ProductionState } from './state.ts';

export interface ProductionOptions {
  about: Service;
  gitlab: { url: string; token: string };
  awsUrl: string;
  bot: Bot;
  /** Default: Terraform plans and applies for two seconds each, and ECS goes four times as fast. */
  pace?: Pace;
}

export interface Production {
  /** Where its `/_control/` is. */
  url: string;
  close: () => Promise<void>;
}

/**
 * Plays the pipelines that deploy a service to production, on 127.0.0.1: `GET /_control/state`, `GET
 * /_control/changes`, `POST /_control/deploy` and `POST /_control/fix` (see sandbox/README.md).
 */
export async function startProduction(options: ProductionOptions): Promise<Production> {
  const { about, gitlab, awsUrl, bot, pace = { planMs: 2000, applyMs: 2000, ecs: 4 } } = options;
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const control = gitlabControl(gitlab.url);
  const head = new ReleaseHead({ ...gitlab, control }, about);
  const pipelines = new Pipelines(
    about,
    { gitlab: control, aws: awsControl(awsUrl), bot, head, changed },
    pace,
  );

  const state = async (): Promise<ProductionState> => {
    const { commit, title } = await head.read();
    const regions = about.regions.map(async (region) => ({
      ...region,
      gate: await pipelines.gate(region.region, commit),
      ...pipelines.latest(region.region),
    }));
    const { service, project } = about;
    return { service, project, commit, title, regions: await Promise.all(regions) };
  };

  const router = new Router()
    .add('GET', '/_control/state', async ({ response }) => sendJson(response, 200, await state()))
    .add('GET', '/_control/changes', async ({ response }) => {
      const { send, closed } = openEventStream(response);
      const watcher = () => send({});
      watchers.add(watcher);
      await closed;
      watchers.delete(watcher);
    })
    .add('POST', '/_control/deploy', async ({ request, response }) => {
      pipelines.start(readAs(bodies.deploy, await readJson(request)));
      sendJson(response, 202, await state());
    })
    .add('POST', '/_control/fix', async ({ response }) => {
      await head.bringFix();
      changed();
      sendJson(response, 201, await state());
    });
  const running = await listen(router);
  return {
    url: running.url,
    close: async () => {
      await pipelines.close();
      await running.close();
    },
  };
}
