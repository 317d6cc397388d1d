/** Reverse mode on bodies: run again, sweep back; and on functions: one gradient function for each callee and signature. */
import type { Attribute, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import {
  Block as Body,
  Builder,
  functionType,
  Operation as Op,
  stringAttribute,
  symbolAttribute,
  symbolsOf,
  typeAttribute,
} from '../../ir/index.ts';
import { pureFunctions } from '../analysis/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { cloneBlock, cloneOperation } from '../rewrite/index.ts';
import { branchRule } from './control/branch.ts';
import { callRule } from './control/call.ts';
import { forRule } from './control/for.ts';
import { whileRule } from './control/while.ts';
import { typesOf, zerosLike } from './control/body.ts';
import { customRule, recomputeRule } from './custom.ts';
import type { Report } from './diagnostics.ts';
import { gradDiagnostics } from './diagnostics.ts';
import type { PullBack, RegionRule, ReverseMode } from './mode.ts';
import { Cotangents, emitterOf } from './mode.ts';
import { markVaried, sweepBack } from './sweep.ts';

const REGION_RULES: ReadonlyMap<string, RegionRule> = new Map([
  ['scf.if', branchRule],
  ['scf.for', forRule],
  ['scf.while', whileRule],
  ['func.call', callRule],
  ['ms.custom_vjp', customRule],
  ['ms.recompute', recomputeRule],
]);

/** A line of operations to sweep in place. */
export interface Line {
  readonly operations: readonly Operation[];
  /** Values whose gradients are asked for. */
  readonly wanted: readonly Value[];
  readonly outputs: readonly Value[];
  /** For the outputs; null or missing where nothing flows. */
  readonly seeds: readonly (Value | null)[];
  readonly builder: Builder;
}

export interface LineGradients {
  readonly gradients: readonly Value[];
  /** Values that stand for results of operations that were extended. */
  readonly replaced: ReadonlyMap<Value, Value>;
}

export class Reverse implements ReverseMode {
  readonly definitions: RuleTable;
  readonly report: Report;
  readonly observer: PassObserver | null;
  readonly parameters: ReadonlySet<Value>;
  /** Functions made here, to be added to the module. */
  readonly added: Operation[] = [];
  private readonly functions: Map<string, Operation>;
  private readonly pure: ReadonlySet<string>;
  /** Names of the gradient functions and of copies without effects. */
  private readonly made = new Set<string>();
  /** Takes the derivatives out of a function first; false when that is under way. */
  private readonly prepare: (name: string) => boolean;

  constructor(
    module: Module,
    definitions: RuleTable,
    report: Report,
    prepare: (name: string) => boolean,
    observer: PassObserver | null,
  ) {
    this.observer = observer;
    this.definitions = definitions;
    this.report = report;
    this.prepare = prepare;
    this.functions = new Map(symbolsOf(module.body));
    this.pure = pureFunctions(module, definitions);
    this.parameters = new Set([...this.functions.values()].flatMap(parametersOf));
  }

  /** Gradients of the wanted values along a line that is in the builder's block already. */
  sweep({ operations, wanted, outputs, seeds, builder }: Line): LineGradients {
    const emit = emitterOf(this, builder);
    const varied = new Set(wanted);
    markVaried(operations, varied);
    const cotangents = new Cotangents();
    outputs.forEach((output, index) => {
      const seed = seeds[index] ?? null;
      if (seed !== null && varied.has(output)) cotangents.add(emit, output, seed);
    });
    const replaced = sweepBack({ mode: this, regionRules: REGION_RULES, operations, varied, cotangents, builder });
    const gradients = wanted.map((value) => {
      const gradient = cotangents.get(value);
      return gradient === null ? zerosLike(emit, value) : (replaced.get(gradient) ?? gradient);
    });
    return { gradients, replaced };
  }

  readonly pullBack = ({ body, inputs, captures, seeds, wanted, builder }: PullBack): readonly Value[] => {
    const begin = builder.block.operations.length;
    const outputs = this.copy(body, inputs, builder, captures);
    const operations = builder.block.operations.slice(begin);
    return this.sweep({ operations, wanted, outputs, seeds, builder }).gradients;
  };

  readonly runAgain = (body: Block, inputs: readonly Value[], builder: Builder): readonly Value[] =>
    this.copy(body, inputs, builder);

  private copy(
    body: Block,
    inputs: readonly Value[],
    builder: Builder,
    captures: ReadonlyMap<Value, Value> = new Map(),
  ): readonly Value[] {
    const replacements = new Map(captures);
    body.arguments.forEach((argument, index) => replacements.set(argument, inputs[index]));
    const last = body.operations.length - 1;
    for (let index = 0; index < last; index++) {
      const op = body.operations[index];
      if (this.isEffect(op)) continue;
      const copy = cloneOperation(op, replacements);
      this.silence(copy);
      builder.block.operations.push(copy);
    }
    return body.operations[last].operands.map((operand) => replacements.get(operand) ?? operand);
  }

  private isEffect(op: Operation): boolean {
    return this.definitions.get(op.name)?.traits.includes('effect') ?? false;
  }

  /** Takes effects out of the regions of an operation, and out of what it calls: they happen in the forward sweep only. */
  private silence(op: Operation): void {
    for (const region of op.regions) {
      for (const inner of region.operations) {
        if (this.isEffect(inner)) inner.dropUses();
        else this.silence(inner);
      }
      region.operations = region.operations.filter((inner) => !this.isEffect(inner));
    }
    const callee = calleeOf(op);
    if (callee !== null && !this.pure.has(callee) && !this.made.has(callee) && this.functions.has(callee))
      op.attributes = new Map([...op.attributes, ['callee', symbolAttribute(this.silent(callee))]]);
  }

  /** A copy of a function without its effects. */
  private silent(name: string): string {
    const copy = `${name}.silent`;
    const body = this.functions.get(name)?.regions[0];
    if (this.made.has(copy) || !body || body.operations.length === 0) return copy;
    this.made.add(copy);
    this.prepare(name);
    const holder = new Op('func.func', [], [], new Map(), [cloneBlock(body)], null);
    this.silence(holder);
    this.addFunction(copy, holder.regions[0]);
    return copy;
  }

  readonly gradientFunction = (
    call: Operation,
    needs: readonly boolean[],
    given: readonly boolean[],
  ): string | null => {
    const callee = calleeOf(call) ?? '';
    const body = this.functions.get(callee)?.regions[0];
    if (!body || body.operations.length === 0) {
      this.report(gradDiagnostics.notDifferentiable, call, [`@${callee}`, 'it is a function without a body']);
      return null;
    }
    const name = `${callee}.vjp.${bitsOf(needs)}.${bitsOf(given)}`;
    if (this.made.has(name)) return name;
    if (!this.prepare(callee)) {
      this.report(gradDiagnostics.ownDerivative, call, [callee]);
      return null;
    }
    this.made.add(name);
    const inputs = typesOf(body.arguments);
    const results = typesOf(call.results).filter((_, index) => given[index]);
    const builder = new Builder(new Body([...inputs, ...results]), this.definitions);
    const seeds = [...builder.block.arguments.slice(inputs.length)];
    const gradients = this.pullBack({
      body,
      inputs: builder.block.arguments.slice(0, inputs.length),
      seeds: given.map((flows) => (flows ? (seeds.shift() ?? null) : null)),
      wanted: builder.block.arguments.slice(0, inputs.length).filter((_, index) => needs[index]),
      builder,
    });
    builder.create('func.return', gradients, []);
    this.addFunction(name, builder.block);
    return name;
  };

  private addFunction(name: string, body: Block): void {
    const results = typesOf(body.operations[body.operations.length - 1].operands);
    const attributes = new Map<string, Attribute>([
      ['sym_name', stringAttribute(name)],
      ['sym_visibility', stringAttribute('private')],
      ['function_type', typeAttribute(functionType(typesOf(body.arguments), results))],
    ]);
    const op = new Op('func.func', [], [], attributes, [body], null);
    this.added.push(op);
    this.functions.set(name, op);
  }
}

function calleeOf(op: Operation): string | null {
  const callee = op.name === 'func.call' ? op.attributes.get('callee') : undefined;
  return callee?.kind === 'symbol' ? callee.name : null;
}

const bitsOf = (flags: readonly boolean[]): string => flags.map((flag) => (flag ? '1' : '0')).join('');

/** Arguments of a function that say which parameter they are. */
function parametersOf(op: Operation): readonly Value[] {
  const attributes = op.attributes.get('arg_attrs');
  const body = op.regions[0];
  if (attributes?.kind !== 'array' || body === undefined) return [];
  return body.arguments.filter((_, index) => {
    const entry = attributes.elements[index];
    return entry?.kind === 'dictionary' && entry.entries.has('ms.param');
  });
}
