/** What a network is called with: inputs by the names of construct's parameters. */
import type { DType, Dimension } from '../../ir/index.ts';
import type { PyValue, Signature } from '../eval/index.ts';

/** One input as `--input NAME=SHAPE:DTYPE` or the arrays of a file say it. */
export interface InputSpecification {
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly dtype: DType;
}

/** An argument for construct, in order. */
export type ArgumentPlan =
  | { readonly kind: 'input'; readonly input: InputSpecification }
  | { readonly kind: 'default'; readonly value: PyValue };

/** The arguments in order of construct's parameters, or what is wrong. */
export function planArguments(
  signature: Signature,
  skip: number,
  inputs: readonly InputSpecification[],
): readonly ArgumentPlan[] | string {
  const parameters = signature.parameters.slice(skip);
  const named = new Map(inputs.map((input) => [input.name, input]));
  const plan: ArgumentPlan[] = [];
  const listed = parameters.filter(({ kind }) => kind !== 'var-positional' && kind !== 'var-keyword');
  for (const { name, default: value } of listed) {
    const input = named.get(name);
    named.delete(name);
    if (input) plan.push({ kind: 'input', input });
    else if (value !== undefined) plan.push({ kind: 'default', value });
    else
      return missing(
        listed.map((parameter) => parameter.name),
        name,
        inputs,
      );
  }
  if (named.size === 0) return plan;
  const takesMore = parameters.some(({ kind }) => kind === 'var-positional');
  if (takesMore) return [...plan, ...[...named.values()].map((input): ArgumentPlan => ({ kind: 'input', input }))];
  return `'${[...named.keys()].join("', '")}' is no input; construct takes ${listed.map(({ name }) => name).join(', ') || 'nothing'}`;
}

function missing(names: readonly string[], name: string, inputs: readonly InputSpecification[]): string {
  const given = inputs.length > 0 ? inputs.map((input) => input.name).join(', ') : 'none';
  return `the input '${name}' is missing; construct takes ${names.join(', ')}; given: ${given}`;
}
