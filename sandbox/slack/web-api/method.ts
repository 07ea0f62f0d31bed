import { isObject, type JsonObject, parseJson } from '../../shared/json.ts';
import type { RateLimit } from '../rate.ts';
import type { SlackState } from '../state.ts';
import type { Refusal } from '../validate.ts';

/** A call that Slack refuses, with its error code and its words. */
export class ApiError extends Error {
  readonly code: string;
  readonly messages: string[];
  constructor(code: string, messages: string[] = []) {
    super(code);
    this.code = code;
    this.messages = messages;
  }
}

/** Throws what the validator refused. */
export function throwRefusal(refusal: Refusal | null): void {
  if (refusal) throw new ApiError(refusal.error, refusal.messages);
}

/** The arguments of a call: strings when form-encoded, JSON values otherwise. */
export class Args {
  readonly values: JsonObject;

  constructor(values: JsonObject) {
    this.values = values;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '')
      throw new ApiError('invalid_arguments', [`[ERROR] missing required field: ${name}`]);
    return value;
  }

  flag(name: string): boolean {
    return ['true', '1'].includes(this.text(name) ?? '');
  }

  /** A whole number between the bounds, or the fallback. Throws `error` for anything else. */
  integer(name: string, fallback: number, min: number, max: number, error: string): number {
    const text = this.text(name);
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) throw new ApiError(error);
    return value;
  }

  /** A complex argument: a JSON value, or JSON text in a form. Throws `error` when it is neither. */
  json(name: string, error: string): unknown {
    const value = this.values[name];
    if (typeof value !== 'string') return value;
    const parsed = parseJson(value);
    if (parsed === undefined || (!isObject(parsed) && !Array.isArray(parsed))) throw new ApiError(error);
    return parsed;
  }
}

/** One Web API method. */
export interface ApiMethod {
  token: 'bot' | 'app';
  /** The scopes of which the token needs one; the channel's kind may decide. Empty: none. */
  scopes: (args: Args, state: SlackState) => string[];
  limit: RateLimit;
  /** Does the call; the answer gets `ok: true`. Throws ApiError. */
  run: (args: Args, state: SlackState) => JsonObject;
}

export type MethodTable = Record<string, ApiMethod>;

/** Scopes that do not depend on the arguments. */
export function needs(...scopes: string[]): () => string[] {
  return () => scopes;
}

/** `channels:…` for public channels and `groups:…` for private ones. */
export function channelScope(right: 'read' | 'history'): ApiMethod['scopes'] {
  return (args, state) => {
    const channel = state.workspace.channel(args.text('channel') ?? '');
    return [channel?.isPrivate ? `groups:${right}` : `channels:${right}`];
  };
}
