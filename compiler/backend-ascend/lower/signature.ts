/** What `@main` says about its arguments and results. */
import type { AttributeMap, Operation, Value } from '../../ir/index.ts';

/** The attribute dictionaries of a function's arguments or results. */
function entriesOf(func: Operation, name: 'arg_attrs' | 'res_attrs'): readonly AttributeMap[] {
  const attribute = func.attributes.get(name);
  if (attribute?.kind !== 'array') return [];
  return attribute.elements.map((element) => (element.kind === 'dictionary' ? element.entries : new Map()));
}

export const argumentEntries = (func: Operation): readonly AttributeMap[] => entriesOf(func, 'arg_attrs');

export function textOf(entries: AttributeMap | undefined, name: string): string | null {
  const attribute = entries?.get(name);
  return attribute?.kind === 'string' ? attribute.value : null;
}

/** The parameter whose new value each result is, or null. */
export function parametersReturned(func: Operation): readonly (string | null)[] {
  const entries = entriesOf(func, 'res_attrs');
  const results = func.regions[0].operations.at(-1)?.operands ?? [];
  return results.map((_, index) => textOf(entries[index], 'ms.param'));
}

/** Parameters that the program changes: the argument that holds one, and the result that is its new value. */
export function stateOf(func: Operation): readonly { readonly argument: Value; readonly result: number }[] {
  const entries = argumentEntries(func);
  const byName = new Map(
    func.regions[0].arguments.map((argument, index) => [textOf(entries[index], 'ms.param'), argument]),
  );
  return parametersReturned(func).flatMap((name, result) => {
    const argument = name === null ? undefined : byName.get(name);
    return argument ? [{ argument, result }] : [];
  });
}
