import { isObject } from './json.ts';

/** A caller of `/_control` endpoints at `url`. A call rejects with the endpoint's own words. */
export function controlCall(url: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const answer: unknown = await response.json();
    if (!response.ok) {
      const why = isObject(answer) ? String(answer['error']) : response.statusText;
      throw new Error(`${method} /_control/${path}: ${response.status} ${why}`);
    }
    return answer as T;
  };
}
