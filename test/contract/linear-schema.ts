import {
  buildASTSchema,
  type DocumentNode,
  execute,
  extendSchema,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import { isObject } from '../../sandbox/shared/json.ts';

/** What version 98 of the SDK asks for and the file, which is a little older, does not have yet. */
export const newer: readonly { name: string; sdl: string }[] = [
  { name: 'Team.viewerMembership', sdl: 'extend type Team { viewerMembership: TeamMembership }' },
  { name: 'Team.viewerCanJoin', sdl: 'extend type Team { viewerCanJoin: Boolean! }' },
  { name: 'Team.viewerCanLeave', sdl: 'extend type Team { viewerCanLeave: Boolean! }' },
  {
    name: 'IssueLabel.groupType',
    sdl: 'enum LabelGroupType { multiSelect singleSelect } extend type IssueLabel { groupType: LabelGroupType }',
  },
  {
    name: 'Organization.defaultHomeViewTargetId',
    sdl: 'extend type Organization { defaultHomeViewTargetId: String }',
  },
  {
    name: 'Organization.suggestedBranchNameEnabled',
    sdl: 'extend type Organization { suggestedBranchNameEnabled: Boolean! }',
  },
  { name: 'Project.resourceCount', sdl: 'extend type Project { resourceCount: Int! }' },
];

/** Linear's schema from its file, and the same with what the SDK knows beyond it. */
export function linearSchemas(sdl: string): { file: GraphQLSchema; extended: GraphQLSchema } {
  const file = buildASTSchema(parse(sdl, { noLocation: true }), { assumeValid: true });
  const extended = extendSchema(file, parse(newer.map((addition) => addition.sdl).join('\n')));
  beStrict(extended);
  return { file, extended };
}

/** Custom scalars take anything by themselves; here they look at what they get. */
function beStrict(schema: GraphQLSchema): void {
  const check = (name: string, holds: (value: unknown) => boolean) => {
    const type = schema.getType(name);
    if (!isScalarType(type)) throw new Error(`Linear's schema has no scalar ${name}`);
    type.serialize = (value) => {
      if (holds(value)) return value;
      throw new TypeError(`${JSON.stringify(value)} is no ${name}`);
    };
  };
  check('DateTime', (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value));
  check('TimelessDate', (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value));
  check('JSONObject', isObject);
}

/** What Linear's schema has against a document with its variables; empty: nothing. */
export function objectionsToDocument(schema: GraphQLSchema, query: string, variables: object): string[] {
  const document = parse(query);
  const invalid = validate(schema, document).map((error) => error.message);
  if (invalid.length > 0) return invalid;
  const operation = getOperationAST(document);
  if (!operation) return ['the document has not one operation'];
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  return coerced.errors?.map((error) => error.message) ?? [];
}

/** What Linear's schema has against the `data` of an answer: it is completed anew from it, type by type. */
export async function objectionsToAnswer(
  schema: GraphQLSchema,
  query: string,
  variables: object,
  data: unknown,
): Promise<string[]> {
  const document: DocumentNode = parse(query);
  const { data: again, errors = [] } = await execute({
    schema,
    document,
    variableValues: { ...variables },
    rootValue: data,
    fieldResolver: (source, _args, _context, info) =>
      isObject(source) ? source[String(info.path.key)] : undefined,
  });
  if (errors.length > 0) return errors.map((error) => `${error.path?.join('.')}: ${error.message}`);
  const same = JSON.stringify(again) === JSON.stringify(data);
  return same ? [] : ['the answer holds something else than what was asked for'];
}

/** Where our SDL says anything that Linear's schema does not say, or leaves out what Linear requires. */
export function differences(ours: GraphQLSchema, theirs: GraphQLSchema): string[] {
  return Object.values(ours.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => typeDifferences(type, theirs.getType(type.name)));
}

function typeDifferences(ours: GraphQLNamedType, theirs: GraphQLNamedType | undefined): string[] {
  const { name } = ours;
  if (!theirs) return [`${name} is not in Linear's schema`];
  if (isScalarType(ours) && isScalarType(theirs)) return [];
  if (isEnumType(ours) && isEnumType(theirs)) {
    const values = (type: typeof ours) =>
      type
        .getValues()
        .map((value) => value.name)
        .sort()
        .join(' ');
    return values(ours) === values(theirs) ? [] : [`${name} has other values`];
  }
  if (isUnionType(ours) && isUnionType(theirs)) {
    const missing = ours.getTypes().filter((one) => !theirs.getTypes().some(({ name: n }) => n === one.name));
    return missing.map((one) => `${name} can not be ${one.name}`);
  }
  if (isInputObjectType(ours) && isInputObjectType(theirs))
    return inputDifferences(name, Object.values(ours.getFields()), Object.values(theirs.getFields()));
  if (!isObjectType(ours) || !isObjectType(theirs)) return [`${name} is of another kind`];
  return Object.values(ours.getFields()).flatMap((field) => {
    const real = theirs.getFields()[field.name];
    const at = `${name}.${field.name}`;
    if (!real) return [`${at} is not in Linear's schema`];
    const type = String(real.type) === String(field.type) ? [] : [`${at} is ${real.type} at Linear`];
    return [...type, ...inputDifferences(at, field.args, real.args)];
  });
}

type Input = Pick<GraphQLInputField, 'name' | 'type' | 'defaultValue'>;

function inputDifferences(at: string, ours: readonly Input[], theirs: readonly Input[]): string[] {
  const wrong = ours.flatMap((input) => {
    const real = theirs.find(({ name }) => name === input.name);
    if (!real) return [`${at}(${input.name}) is not in Linear's schema`];
    const same =
      String(real.type) === String(input.type) && String(real.defaultValue) === String(input.defaultValue);
    return same ? [] : [`${at}(${input.name}) is ${real.type} = ${real.defaultValue} at Linear`];
  });
  const missing = theirs
    .filter((real) => isRequiredInputField(real as GraphQLInputField))
    .filter((real) => !ours.some(({ name }) => name === real.name));
  return [...wrong, ...missing.map((real) => `${at}(${real.name}) is required at Linear`)];
}
