/** From the steps of @main to those of the program: addresses for buffers, extents for what is read and written. */
import type { AttributeMap, Block, DType, Operation, TensorType, Value } from '../../ir/index.ts';
import { definingOperation, integerOf, integersOf, stringOf } from '../../ir/index.ts';
import type {
  Extent,
  GroupOperation,
  Launch,
  Reduction,
  Step,
  TensorDtype,
  TensorPlace,
  Transfer,
} from '../../../runtime/program/index.ts';
import { physicalBytes } from '../lower/layout.ts';
import { isMove } from '../schedule/coalesce.ts';
import type { GlobalMemoryPlan } from '../schedule/global-memory.ts';
import { globalAddress } from '../schedule/global-memory.ts';
import type { BufferUse, Timeline } from '../schedule/timeline.ts';
import {
  ALLOC,
  ASSERT,
  BRANCH,
  COLLECTIVE,
  LAUNCH,
  LOOP,
  PRINT,
  RECEIVE,
  REPEAT,
  SEND,
  allocation,
  constantBytes,
  constantOf,
} from '../tile/dialect.ts';
import type { LocationTable } from './locations.ts';

/** What the steps are made from. */
export interface StepSources {
  readonly main: Operation;
  readonly kernelNumber: ReadonlyMap<string, number>;
  readonly plan: GlobalMemoryPlan;
  readonly timeline: Timeline;
  readonly locations: LocationTable;
  /** Types of @main's arguments. */
  readonly arguments: readonly TensorType[];
}

export class StepAssembly {
  private readonly sources: StepSources;
  /** The last step that writes each buffer: before it, the content is not whole. */
  private readonly lastWrites = new Map<Value, number>();

  constructor(sources: StepSources) {
    this.sources = sources;
    for (const { position, uses } of sources.timeline.events)
      for (const { root, writes } of uses) if (writes) this.lastWrites.set(root, position);
  }

  prepare(): readonly Launch[] {
    return this.sources.main.regions[0].operations
      .filter((op) => op.name === LAUNCH && phaseOf(op) === 'prepare')
      .map((op) => this.launch(op));
  }

  main(): readonly Step[] {
    return this.steps(this.sources.main.regions[0]);
  }

  private steps(block: Block): readonly Step[] {
    return block.operations.flatMap((op) => this.step(op) ?? []);
  }

  private step(op: Operation): Step | null {
    const location = this.sources.locations.number(op.location);
    switch (op.name) {
      case LAUNCH:
        return phaseOf(op) === 'prepare' || isIdle(op, this.sources.plan) ? null : this.launch(op);
      case BRANCH: {
        const [then, otherwise] = op.regions.map((region) => this.steps(region));
        return { kind: 'branch', condition: this.address(op.operands[0]), then, otherwise, location };
      }
      case LOOP: {
        const [test, body] = op.regions.map((region) => this.steps(region));
        return { kind: 'while', test, condition: this.address(op.operands[0]), body, location };
      }
      case REPEAT:
        return { kind: 'repeat', count: integerOf(op.attributes, 'count'), body: this.steps(op.regions[0]), location };
      case COLLECTIVE:
        return this.collective(op, location);
      case SEND:
      case RECEIVE:
        return this.transfer(op, location);
      case PRINT:
        return { kind: 'print', format: stringOf(op.attributes, 'format'), values: this.places(op), location };
      case ASSERT:
        return {
          kind: 'assert',
          condition: this.address(op.operands[0]),
          message: stringOf(op.attributes, 'message'),
          location,
        };
      default:
        return null;
    }
  }

  private places(op: Operation): readonly TensorPlace[] {
    const types = op.attributes.get('types');
    const items = types?.kind === 'array' ? types.elements : [];
    return items.flatMap((item, index) => {
      if (item.kind !== 'type' || item.type.kind !== 'tensor') return [];
      const { dtype, shape } = item.type;
      return [{ address: this.address(op.operands[index]), dtype, shape: shape.map(Number) }];
    });
  }

  private address(value: Value): number {
    return addressOf(value, this.sources.plan);
  }

  private launch(op: Operation): Launch {
    const symbol = op.attributes.get('kernel');
    const kernel = symbol?.kind === 'symbol' ? this.sources.kernelNumber.get(symbol.name) : undefined;
    if (kernel === undefined) throw new Error('a launch names no kernel of the module');
    const event = this.sources.timeline.eventOf.get(op);
    const uses = event?.uses ?? [];
    return {
      kind: 'launch',
      kernel,
      blockCount: integerOf(op.attributes, 'blocks'),
      args: op.operands.map((operand) => constantOf(operand) ?? this.address(operand)),
      reads: uses.filter((use) => use.reads).map((use) => this.extent(use, false)),
      writes: uses
        .filter((use) => use.writes)
        .map((use) => this.extent(use, this.lastWrites.get(use.root) === event?.position)),
      location: this.sources.locations.number(op.location),
    };
  }

  private extent({ root }: BufferUse, isWhole: boolean): Extent {
    const { bytes, dtype } = this.storage(root);
    return { address: this.sources.plan.addresses.get(root) ?? 0, bytes, dtype: isWhole ? dtype : null };
  }

  private storage(root: Value): { readonly bytes: number; readonly dtype: DType | null } {
    const op = definingOperation(root);
    if (op === null) {
      const type = this.sources.arguments[root.index];
      return { bytes: physicalBytes(type), dtype: type.dtype };
    }
    if (op.name !== ALLOC) return { bytes: constantBytes(op).length, dtype: null };
    const type = op.attributes.get('type');
    return {
      bytes: allocation(op).bytes,
      dtype: type?.kind === 'type' && type.type.kind === 'tensor' ? type.type.dtype : null,
    };
  }

  private collective(op: Operation, location: number): Step {
    const { attributes } = op;
    return {
      kind: 'collective',
      // The lowering writes these words from the names of ops and their checked attributes.
      operation: stringOf(attributes, 'operation') as GroupOperation,
      group: integersOf(attributes, 'group'),
      reduction: attributes.has('reduction') ? (stringOf(attributes, 'reduction') as Reduction) : null,
      root: attributes.has('root') ? integerOf(attributes, 'root') : null,
      ...elementsOf(attributes),
      input: this.address(op.operands[0]),
      output: this.address(op.operands[1]),
      location,
    };
  }

  private transfer(op: Operation, location: number): Transfer {
    return {
      kind: op.name === SEND ? 'send' : 'receive',
      peer: integerOf(op.attributes, 'peer'),
      tag: integerOf(op.attributes, 'tag'),
      ...elementsOf(op.attributes),
      address: this.address(op.operands[0]),
      location,
    };
  }
}

const elementsOf = (attributes: AttributeMap): { readonly dtype: TensorDtype; readonly elements: number } => ({
  dtype: stringOf(attributes, 'dtype') as TensorDtype,
  elements: integerOf(attributes, 'elements'),
});

const addressOf = (value: Value, plan: GlobalMemoryPlan): number => globalAddress(value, plan, integerConstant);

/** A move whose buffers became one: it is no step of the program. */
export const isIdle = (op: Operation, plan: GlobalMemoryPlan): boolean =>
  isMove(op) && addressOf(op.operands[0], plan) === addressOf(op.operands[1], plan);

export const phaseOf = (op: Operation): string => stringOf(op.attributes, 'phase');

export function integerConstant(value: Value): number {
  const constant = constantOf(value);
  if (constant === null) throw new Error('a GM address in @main is known when compiling');
  return constant;
}
