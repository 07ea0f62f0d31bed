import { isObject, type JsonObject } from '../shared/json.ts';

/** An answer other than 2xx: GitLab writes `{"message": …}` or, for parameters, `{"error": …}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: JsonObject | string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: JsonObject | string, headers: Record<string, string> = {}) {
    super(typeof body === 'string' ? body : JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** GitLab's `{"message": "404 Project Not Found"}`. */
export function notFound(what?: string): ApiError {
  return new ApiError(404, { message: what === undefined ? '404 Not found' : `404 ${what} Not Found` });
}

export function forbidden(): ApiError {
  return new ApiError(403, { message: '403 Forbidden' });
}

/**
 * Reads parameters the way GitLab's API framework does: unknown ones are ignored, wrong ones collected and
 * refused together with 400 `{"error": "a is missing, b does not have a valid value"}`.
 */
export class Params {
  readonly #values: JsonObject;
  readonly #faults: string[] = [];

  constructor(values: JsonObject) {
    this.#values = values;
  }

  string(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.#faults.push(`${name} is invalid`);
    return undefined;
  }

  required(name: string): string {
    const value = this.string(name);
    if (!(name in this.#values)) this.#faults.push(`${name} is missing`);
    return value ?? '';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.#faults.push(`${name} does not have a valid value`);
    return found;
  }

  /** A value or an array (`scope[]=a&scope[]=b`), each of them allowed. */
  manyOf<T extends string>(name: string, allowed: readonly T[]): T[] {
    const value = this.#values[name];
    const given = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const found = given.map((one) => allowed.find((candidate) => candidate === one));
    if (found.includes(undefined)) this.#faults.push(`${name} does not have a valid value`);
    return found.filter((one) => one !== undefined);
  }

  /** A comma-separated text or an array of texts; undefined when it was not given. */
  list(name: string): string[] | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    const given = Array.isArray(value) ? value : [value];
    if (!given.every((one) => typeof one === 'string')) this.#faults.push(`${name} is invalid`);
    const texts = given.filter((one) => typeof one === 'string');
    return texts.flatMap((text) => text.split(',')).flatMap((text) => (text.trim() ? [text.trim()] : []));
  }

  has(name: string): boolean {
    return name in this.#values;
  }

  integer(name: string): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (!/^-?\d+$/.test(text)) {
      this.#faults.push(`${name} is invalid`);
      return undefined;
    }
    return Number(text);
  }

  boolean(name: string): boolean | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (!['true', 'false', '1', '0'].includes(text)) this.#faults.push(`${name} is invalid`);
    return text === 'true' || text === '1';
  }

  date(name: string): Date | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const date = new Date(text);
    if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime())) {
      this.#faults.push(`${name} is invalid`);
      return undefined;
    }
    return date;
  }

  object(name: string): JsonObject {
    const value = this.#values[name];
    if (value === undefined || value === null) return {};
    if (isObject(value)) return value;
    this.#faults.push(`${name} is invalid`);
    return {};
  }

  /** An array of objects; the reader of each one reports its faults under `name[i][field]`. */
  objects<T>(name: string, read: (item: Params) => T): T[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || !value.every(isObject)) {
      this.#faults.push(`${name} is invalid`);
      return [];
    }
    return value.map((item, i) => {
      const params = new Params(item);
      const result = read(params);
      this.#faults.push(...params.#faults.map((fault) => fault.replace(/^(\w+)/, `${name}[${i}][$1]`)));
      return result;
    });
  }

  fault(text: string): void {
    this.#faults.push(text);
  }

  /** Throws the 400 when anything read so far was wrong. */
  check(): void {
    if (this.#faults.length > 0) throw new ApiError(400, { error: this.#faults.join(', ') });
  }
}

/** Query text to values: `a=1&b[]=2&b[]=3`. */
export function queryValues(search: URLSearchParams): JsonObject {
  const values: JsonObject = {};
  for (const [key, value] of search) {
    if (!key.endsWith('[]')) values[key] = value;
    else {
      const name = key.slice(0, -2);
      const before = values[name];
      values[name] = [...(Array.isArray(before) ? before : []), value];
    }
  }
  return values;
}
