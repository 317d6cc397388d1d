/** From a finished trace to a module: arguments in order, dead ops dropped, one `@main`. */
import type { Attribute, AttributeMap, Type } from '../../ir/index.ts';
import {
  arrayAttribute,
  Block,
  boolAttribute,
  denseAttribute,
  functionType,
  Module,
  Operation,
  stringAttribute,
  typeAttribute,
  Value,
  walk,
} from '../../ir/index.ts';
import { opTable } from '../../ir/ops/index.ts';
import { initializerAttribute } from '../trace/initializer.ts';
import type { Trace } from '../trace/trace.ts';
import type { Payload } from '../trace/tensor.ts';

/** A parameter as `@main` takes it. */
export interface ParameterArgument {
  readonly name: string;
  readonly value: Value;
  /** What it holds before the run. */
  readonly initial: Payload;
  readonly requiresGrad: boolean;
}

export interface InputArgument {
  readonly name: string;
  readonly value: Value;
}

/** A result, and the parameter whose new value it is. */
export interface ResultValue {
  readonly value: Value;
  readonly parameter: string | null;
}

const dictionary = (entries: readonly (readonly [string, Attribute])[]): Attribute => ({
  kind: 'dictionary',
  entries: new Map(entries),
});

function initialAttribute(initial: Payload): readonly (readonly [string, Attribute])[] {
  if (initial.kind === 'lazy') return [['ms.init', initializerAttribute(initial.initializer)]];
  return initial.kind === 'concrete' ? [['ms.value', denseAttribute(initial.type, initial.data)]] : [];
}

function parameterAttributes(parameter: ParameterArgument): Attribute {
  const trainable: readonly (readonly [string, Attribute])[] = parameter.requiresGrad
    ? []
    : [['ms.requires_grad', boolAttribute(false)]];
  return dictionary([
    ['ms.param', stringAttribute(parameter.name)],
    ...initialAttribute(parameter.initial),
    ...trainable,
  ]);
}

/** Drops pure ops that nobody uses, last first, so that whole dead chains go. */
export function dropDead(block: Block): void {
  const kept: Operation[] = [];
  for (let at = block.operations.length - 1; at >= 0; at--) {
    const op = block.operations[at];
    for (const region of op.regions) dropDead(region);
    if (isDead(op)) op.dropUses();
    else kept.push(op);
  }
  block.operations = kept.reverse();
}

function isDead(op: Operation): boolean {
  if (op.results.some((result) => result.uses > 0)) return false;
  if (!(opTable.get(op.name)?.traits.includes('pure') ?? false)) return false;
  return op.regions.every((region) =>
    region.operations.every((inner) => isDead(inner) || isTerminator(inner) || !hasEffect(inner)),
  );
}

const isTerminator = (op: Operation): boolean => opTable.get(op.name)?.traits.includes('terminator') ?? false;

function hasEffect(op: Operation): boolean {
  if (opTable.get(op.name)?.traits.includes('effect')) return true;
  return op.regions.some((region) => region.operations.some(hasEffect));
}

/** Builds the module of one traced function; `more` are attributes of the module besides its stage. */
export function finishModule(
  trace: Trace,
  inputs: readonly InputArgument[],
  parameters: readonly ParameterArgument[],
  results: readonly ResultValue[],
  more: AttributeMap = new Map(),
): Module {
  const { block } = trace.builder;
  const types: readonly Type[] = results.map(({ value }) => value.type);
  block.operations = [...trace.constants, ...block.operations];
  trace.builder.create(
    'func.return',
    results.map(({ value }) => value),
    [],
  );
  dropDead(block);
  const used = parameters.filter(({ value }) => value.uses > 0);
  const main = moveIntoFunction(
    block,
    [...inputs, ...used].map(({ value }) => value),
  );
  inputs.forEach(({ name }, index) => (main.arguments[index].name = name));
  used.forEach(({ name }, index) => (main.arguments[inputs.length + index].name = name));
  const attributes: AttributeMap = new Map<string, Attribute>([
    ['sym_name', stringAttribute('main')],
    [
      'function_type',
      typeAttribute(
        functionType(
          main.arguments.map(({ type }) => type),
          types,
        ),
      ),
    ],
    [
      'arg_attrs',
      arrayAttribute([
        ...inputs.map(({ name }) => dictionary([['ms.input', stringAttribute(name)]])),
        ...used.map(parameterAttributes),
      ]),
    ],
    [
      'res_attrs',
      arrayAttribute(
        results.map(({ parameter }) =>
          dictionary(parameter === null ? [] : [['ms.param', stringAttribute(parameter)]]),
        ),
      ),
    ],
  ]);
  const body = new Block();
  body.operations.push(new Operation('func.func', [], [], attributes, [main], null));
  return new Module(body, new Map([['ms.stage', stringAttribute('source')], ...more]));
}

/** The same operations in a block whose arguments stand for `values`. */
function moveIntoFunction(block: Block, values: readonly Value[]): Block {
  const main = new Block(values.map(({ type }) => type));
  const argumentOf = new Map<Value, Value>(values.map((value, index) => [value, main.arguments[index]]));
  main.operations = block.operations;
  walk(main, (op) => {
    op.operands.forEach((operand, index) => {
      const argument = argumentOf.get(operand);
      if (argument) op.setOperand(index, argument);
    });
  });
  return main;
}
