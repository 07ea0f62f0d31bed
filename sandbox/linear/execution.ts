import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { isObject, type JsonObject } from '../shared/json.ts';
import { complexityOf } from './complexity.ts';
import type { Limits } from './limits.ts';
import { invalidInput, unfit } from './problems.ts';
import { resolveProperty } from './schema.ts';

/** What a client sends. */
export interface Asked {
  query: string;
  variables: JsonObject;
  operationName: string | undefined;
}

/** An answer on the level of GraphQL. */
export interface Outcome {
  status: number;
  body: { data?: unknown; errors?: GraphQLFormattedError[] };
  complexity: number | null;
}

/** Reads a request's JSON body; throws for what is no GraphQL request. */
export function readAsked(body: unknown): Asked {
  if (!isObject(body) || typeof body['query'] !== 'string')
    throw invalidInput('GraphQL operations must contain a `query`', 'The request has no query.');
  const { query, variables, operationName } = body;
  return {
    query,
    variables: isObject(variables) ? variables : {},
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

/** The names under which faults and the log know a request; empty for a document that can't be read. */
export function operationsOf({ query, operationName }: Asked): string[] {
  try {
    const operation = getOperationAST(parse(query), operationName);
    return operation ? below(operation.selectionSet, 1) : [];
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

function below(set: SelectionSetNode, depth: number): string[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    const name = selection.name.value;
    if (depth === 0 || !selection.selectionSet) return [name];
    const inner = below(selection.selectionSet, depth - 1);
    return [name, ...inner.map((field) => `${name}.${field}`)];
  });
}

/** Runs a request against the schema as Linear would: validated, weighed, then executed. */
export async function run(schema: GraphQLSchema, limits: Limits, asked: Asked): Promise<Outcome> {
  let complexity: number | null = null;
  try {
    const { document, operation } = read(schema, asked);
    complexity = complexityOf(schema, document, operation, asked.variables);
    limits.document(complexity);
    const result = await execute({
      schema,
      document,
      variableValues: asked.variables,
      operationName: asked.operationName,
      fieldResolver: resolveProperty,
    });
    return answered(result, complexity);
  } catch (error) {
    if (error instanceof GraphQLError) return refusal([error], complexity);
    throw error;
  }
}

function read(
  schema: GraphQLSchema,
  { query, operationName }: Asked,
): { document: DocumentNode; operation: OperationDefinitionNode } {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    throw error instanceof GraphQLError ? unfit(error, 'GRAPHQL_VALIDATION_FAILED') : error;
  }
  const [first] = validate(schema, document);
  if (first) throw unfit(first, 'GRAPHQL_VALIDATION_FAILED');
  const operation = getOperationAST(document, operationName);
  if (!operation) throw invalidInput('Unknown operation', 'The document has not this one operation.');
  return { document, operation };
}

function answered(result: ExecutionResult, complexity: number): Outcome {
  if (!result.errors) return { status: 200, body: { data: result.data }, complexity };
  const errors = result.errors.map((error) => {
    if (error.originalError && !(error.originalError instanceof GraphQLError)) throw error.originalError;
    return error.extensions['type'] === undefined ? unfit(error, 'BAD_USER_INPUT') : error;
  });
  if (result.data)
    return { status: 200, body: { errors: errors.map(formatted), data: result.data }, complexity };
  return refusal(errors, complexity);
}

/** An answer without data; its status is the first error's. */
export function refusal(errors: readonly GraphQLError[], complexity: number | null): Outcome {
  const http = errors[0]?.extensions['http'];
  const status = isObject(http) && typeof http['status'] === 'number' ? http['status'] : 200;
  return { status, body: { errors: errors.map(formatted), data: null }, complexity };
}

const formatted = (error: GraphQLError): GraphQLFormattedError => error.toJSON();
