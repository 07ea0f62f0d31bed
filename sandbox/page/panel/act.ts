import type { App } from '../app.ts';
import { control, type Service, ServiceError } from '../services.ts';

/** Does something to a service; a refusal becomes the page's notice. Everything is read again afterwards. */
export async function act(
  app: App,
  service: Service,
  path: string,
  body: Record<string, unknown>,
): Promise<unknown> {
  return attempt(app, () => control(service, 'POST', path, body));
}

/** The same for several calls in a row. The answer is undefined when one was refused. */
export async function attempt<T>(app: App, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    app.change({ notice: error.message });
    return undefined;
  } finally {
    await app.refresh();
  }
}
