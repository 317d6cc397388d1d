/** Appends operations to a block. */
import type { AttributeMap } from './attribute.ts';
import { NO_ATTRIBUTES } from './attribute.ts';
import type { Location } from './location.ts';
import type { Value } from './operation.ts';
import { Block, Operation } from './operation.ts';
import type { RuleTable } from './definition.ts';
import { isAbsent } from './definition.ts';
import type { Type } from './type.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';

export class Builder {
  readonly block: Block;
  readonly definitions: RuleTable;
  location: Location = null;

  constructor(block: Block, definitions: RuleTable) {
    this.block = block;
    this.definitions = definitions;
  }

  /** Appends an op whose result types the caller states. */
  create(
    name: string,
    operands: readonly Value[],
    resultTypes: readonly Type[],
    attributes: AttributeMap = NO_ATTRIBUTES,
    regions: readonly Block[] = [],
  ): Operation {
    const op = new Operation(name, operands, resultTypes, attributes, regions, this.location);
    this.block.operations.push(op);
    return op;
  }

  /** Appends an op and infers its result types; the error says which rule failed with both values. */
  infer(name: string, operands: readonly Value[], attributes: AttributeMap = NO_ATTRIBUTES): Result<Operation> {
    const definition = this.definitions.get(name);
    if (!definition) throw new Error(`op '${name}' has no definition`);
    if (isAbsent(definition.infer)) throw new Error(`op '${name}' cannot infer: ${definition.infer.absent}`);
    const types = definition.infer(
      operands.map((operand) => operand.type),
      attributes,
    );
    if (!types.ok) return failure(types.error);
    return ok(this.create(name, operands, types.value, attributes));
  }
}
