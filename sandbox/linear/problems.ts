import { GraphQLError } from 'graphql';

/** What Linear says about a refusal, under `extensions` (shapes as its API answers them). */
export interface Refusal {
  /** Read by the SDK, which makes an error class of it. */
  type:
    | 'invalid input'
    | 'authentication error'
    | 'forbidden'
    | 'ratelimited'
    | 'graphql error'
    | 'internal error';
  code: string;
  statusCode: number;
  userError: boolean;
  userPresentableMessage?: string;
  meta?: Record<string, never>;
  /** Status of the HTTP answer, where it differs from 200. */
  http: { status: number };
}

/** Something that Linear refuses; `message` is for developers, `presentable` for people. */
export function refused(message: string, refusal: Omit<Refusal, 'userError' | 'meta'>): GraphQLError {
  return new GraphQLError(message, { extensions: { ...refusal, userError: true, meta: {} } });
}

/** Input that is well-formed GraphQL but not acceptable. */
export function invalidInput(message: string, presentable: string): GraphQLError {
  return refused(message, {
    type: 'invalid input',
    code: 'INPUT_ERROR',
    statusCode: 400,
    userPresentableMessage: presentable,
    http: { status: 400 },
  });
}

/** An argument that breaks a rule, in the words of the rule: `teamId must be a UUID`. */
export function badArgument(rule: string): GraphQLError {
  return invalidInput('Argument Validation Error', `${rule}.`);
}

/** Nothing has this id (or the key may not see it: Linear answers the same). */
export function notFound(entity: string): GraphQLError {
  return invalidInput(`Entity not found: ${entity}`, `Could not find referenced ${entity}.`);
}

/** A client-supplied id that is taken: never the original entity again (facts: client-supplied ids). */
export function alreadyExists(entity: string, id: string): GraphQLError {
  const message = `Entity ${entity} with id \`${id}\` already exists`;
  return invalidInput(message, `${message}.`);
}

/** The key may not do this. */
export function forbidden(presentable: string): GraphQLError {
  return refused('Forbidden', {
    type: 'forbidden',
    code: 'FORBIDDEN',
    statusCode: 403,
    userPresentableMessage: presentable,
    http: { status: 403 },
  });
}

/** No key, or one that nobody has: Linear tells these two apart by nothing. */
export function notAuthenticated(): GraphQLError {
  return refused('Authentication required, not authenticated', {
    type: 'authentication error',
    code: 'AUTHENTICATION_ERROR',
    statusCode: 401,
    userPresentableMessage: 'You need to authenticate to access this operation.',
    http: { status: 401 },
  });
}

/** A personal API key sent as `Bearer`, which Linear keeps for OAuth tokens. */
export function keyAsBearer(): GraphQLError {
  const message =
    "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix from the Authorization header.";
  return refused(message, {
    type: 'authentication error',
    code: 'AUTHENTICATION_ERROR',
    statusCode: 400,
    userPresentableMessage: message,
    http: { status: 400 },
  });
}

/** A document or variables that do not fit the schema. */
export function unfit(
  error: GraphQLError,
  code: 'GRAPHQL_VALIDATION_FAILED' | 'BAD_USER_INPUT',
): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { http: { status: 400 }, code, type: 'graphql error', userError: true },
  });
}
