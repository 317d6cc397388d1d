/**
 * The forward graph inside a training step: what the planner reads. Derivatives give way to the functions that they differentiate;
 * where a gradient is wanted, its primal stands for it, and new values of parameters are no results. So everything that
 * only trains is left unused.
 */
import type { Attribute, Operation, Value } from '../../../ir/index.ts';
import {
  Block,
  functionType,
  integerOf,
  Module,
  Operation as Op,
  symbolsOf,
  typeAttribute,
} from '../../../ir/index.ts';
import { cloneBlock, cloneOperation } from '../../rewrite/index.ts';
import { inlineCalls } from '../../simplify/index.ts';

/** `@main` of a @source module without derivatives and updates; a network that does not train stays what it is. */
export function forwardOf(source: Module): Module {
  const module = new Module(cloneBlock(source.body), source.attributes, source.location, source.name);
  inlineCalls(module, { limit: Infinity });
  const main = symbolsOf(module.body).get('main');
  const block = main?.regions[0];
  if (main === undefined || block === undefined || !block.operations.some(isDerivative)) return module;
  const copy = new Block(block.arguments.map(({ type }) => type));
  const replaced = new Map<Value, Value>();
  block.arguments.forEach((argument, at) => {
    copy.arguments[at].name = argument.name;
    replaced.set(argument, copy.arguments[at]);
  });
  copy.operations = block.operations.flatMap((op) => forwardOperations(op, replaced));
  const kept = keptResults(main, copy);
  const attributes = new Map<string, Attribute>(main.attributes);
  attributes.set(
    'function_type',
    typeAttribute(
      functionType(
        copy.arguments.map(({ type }) => type),
        kept.map((value) => value.type),
      ),
    ),
  );
  attributes.delete('res_attrs');
  const end = copy.operations.at(-1);
  copy.operations = [
    ...copy.operations.slice(0, -1),
    new Op('func.return', kept, [], new Map(), [], end?.location ?? null),
  ];
  const whole = new Op('func.func', [], [], attributes, [copy], main.location);
  module.body.operations = module.body.operations.map((op) => (op === main ? whole : op));
  return module;
}

export const isDerivative = (op: Operation): boolean => op.name === 'ms.vjp';

/** Results that are no new values of parameters; all of them where there are no others. */
function keptResults(main: Operation, block: Block): readonly Value[] {
  const attribute = main.attributes.get('res_attrs');
  const entries = attribute?.kind === 'array' ? attribute.elements : [];
  const returned = block.operations.at(-1)?.operands ?? [];
  const kept = returned.filter((_, at) => {
    const entry = entries[at];
    return entry?.kind !== 'dictionary' || !entry.entries.has('ms.param');
  });
  return kept.length > 0 ? kept : returned;
}

/** A derivative becomes the operations of its function; others are copied. */
function forwardOperations(op: Operation, replaced: Map<Value, Value>): readonly Operation[] {
  if (!isDerivative(op)) return [cloneOperation(op, replaced)];
  const primals = op.operands
    .slice(0, integerOf(op.attributes, 'primals'))
    .map((value) => replaced.get(value) ?? value);
  const [region] = op.regions;
  region.arguments.forEach((argument, at) => replaced.set(argument, primals[at]));
  const operations = region.operations.slice(0, -1).flatMap((inner) => forwardOperations(inner, replaced));
  const values = (region.operations.at(-1)?.operands ?? []).map((value) => replaced.get(value) ?? value);
  op.results.forEach((result, at) => replaced.set(result, values[at] ?? primals[at - values.length]));
  return operations;
}
