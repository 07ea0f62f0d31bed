import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { usualPage } from './paging.ts';

/** Counted in tenths of a point, for sums of 0.1 are not exact. */
const tenths = 10;
const property = 1;
const entity = 10;

/**
 * What a document costs by Linear's rule: a property 0.1 points, an object 1, the nodes of a list times the page
 * size that was asked for (50 unless told), rounded up at the end.
 */
export function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  const fragments = new Map(
    document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d]] : [])),
  );

  const costOfField = (type: GraphQLObjectType, field: FieldNode, pageSize: number): number => {
    const found = type.getFields()[field.name.value];
    if (!found) return field.name.value === '__typename' ? property : 0;
    const named = getNamedType(found.type);
    if (isLeafType(named) || !field.selectionSet) return property;
    const inner = found.args.some((arg) => arg.name === 'first') ? pageOf(field, variables) : 1;
    if (!isObjectType(named)) return entity;
    const times = field.name.value === 'nodes' || field.name.value === 'edges' ? pageSize : 1;
    return times * (entity + costOfSet(named, field.selectionSet, inner));
  };

  const costOfSet = (type: GraphQLObjectType, set: SelectionSetNode, pageSize: number): number =>
    set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + costOfField(type, selection, pageSize);
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!part) return sum;
      const on = part.typeCondition && schema.getType(part.typeCondition.name.value);
      return sum + costOfSet(isObjectType(on) ? on : type, part.selectionSet, pageSize);
    }, 0);

  return Math.ceil(costOfSet(root, operation.selectionSet, 1) / tenths);
}

function pageOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== 'first' && argument.name.value !== 'last') continue;
    const { value } = argument;
    const given =
      value.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : value.kind === Kind.INT && Number(value.value);
    if (typeof given === 'number') return given;
  }
  return usualPage;
}
