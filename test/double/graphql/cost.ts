import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Points, by GitHub's formula: the requests needed to fill every connection, each at its limit, divided by 100. Fields
 * without a page size cost nothing, so that aliases of `object` are free.
 */
export function measure(document: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);

  function sizeOf(field: FieldNode): number | undefined {
    const argument = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
    if (!argument) return undefined;
    const { value } = argument;
    if (value.kind === Kind.INT) return Number(value.value);
    return value.kind === Kind.VARIABLE ? Number(variables[value.name.value] ?? 0) : undefined;
  }

  function requests(selections: SelectionSetNode | undefined, parents: number): number {
    let sum = 0;
    for (const each of selections?.selections ?? []) {
      if (each.kind === Kind.FRAGMENT_SPREAD)
        sum += requests(fragments.get(each.name.value)?.selectionSet, parents);
      else if (each.kind === Kind.INLINE_FRAGMENT) sum += requests(each.selectionSet, parents);
      else {
        const size = sizeOf(each);
        sum += (size === undefined ? 0 : parents) + requests(each.selectionSet, parents * (size ?? 1));
      }
    }
    return sum;
  }

  const total = document.definitions
    .filter((each) => each.kind === Kind.OPERATION_DEFINITION)
    .reduce((sum, operation) => sum + requests(operation.selectionSet, 1), 0);
  return Math.max(1, Math.round(total / 100));
}
