/** What a pattern creates operations with. */
import type { AttributeMap, Block, Location, RuleTable, Type } from '../../ir/index.ts';
import { definingOperation, fusedLocation, isAbsent, NO_ATTRIBUTES, Operation } from '../../ir/index.ts';
import type { Attribute, Value } from '../../ir/index.ts';
import { cloneOperations } from './clone.ts';

export class Rewriter {
  readonly definitions: RuleTable;
  /** Operations created since the driver took the last ones, in order. */
  private created: Operation[] = [];
  /** Location that new operations get: that of the matched one. */
  private location: Location = null;

  /** Names of the operations that hold constants. */
  private readonly constants: ReadonlySet<string>;

  /** Why the pattern that was tried last does not apply although it nearly does, if it said so to a listener. */
  reason: string | null = null;
  private readonly listens: boolean;

  constructor(definitions: RuleTable, listens = false) {
    this.definitions = definitions;
    this.listens = listens;
    const rows = [...definitions.values()];
    this.constants = new Set(rows.filter((row) => row.traits.includes('constant')).map((row) => row.name));
  }

  /** Makes an operation whose result types the caller states. */
  create(
    name: string,
    operands: readonly Value[],
    resultTypes: readonly Type[],
    attributes: AttributeMap = NO_ATTRIBUTES,
    regions: readonly Block[] = [],
  ): Operation {
    const op = new Operation(name, operands, resultTypes, attributes, regions, this.location);
    this.created.push(op);
    return op;
  }

  /** Makes an operation with inferred result types. Operands that do not fit are a bug of the pattern. */
  infer(name: string, operands: readonly Value[], attributes: AttributeMap = NO_ATTRIBUTES): Operation {
    const infer = this.definitions.get(name)?.infer;
    if (!infer || isAbsent(infer)) throw new Error(`op '${name}' cannot infer its result types`);
    const types = infer(
      operands.map((operand) => operand.type),
      attributes,
    );
    if (!types.ok) throw new Error(`a pattern made an ill-formed '${name}': ${types.error}`);
    return this.create(name, operands, types.value, attributes);
  }

  /** Copies the operations of a block with its arguments replaced; returns the operands of its terminator. */
  inline(block: Block, values: readonly Value[]): readonly Value[] {
    const { operations, results } = cloneOperations(block, values);
    this.created.push(...operations);
    return results;
  }

  /** For a pattern that nearly applies: says why it does not. The reason is made only when somebody listens. */
  misses(reason: () => string): null {
    if (this.listens) this.reason = reason();
    return null;
  }

  /** The constant that a value is, or null. */
  constantOf(value: Value): Attribute | null {
    const op = definingOperation(value);
    if (!op || op.operands.length > 0 || !this.constants.has(op.name)) return null;
    return op.attributes.get('value') ?? null;
  }

  /** What is created from here on does the work of `op` too, as its main part: it comes from the places of both. */
  absorb(op: Operation): void {
    this.location = fusedLocation([op.location, this.location]);
  }

  /** For the driver: what was created, in order, and a fresh start at `location`. */
  take(location: Location): readonly Operation[] {
    const { created } = this;
    this.location = location;
    this.reason = null;
    if (created.length > 0) this.created = [];
    return created;
  }
}
