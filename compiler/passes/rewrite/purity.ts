/** Which operations may be removed, merged or moved. */
import type { Operation, RuleTable } from '../../ir/index.ts';

/** Questions about operations, answered from the traits of their definitions and looked up once for each name. */
export class Purity {
  private readonly definitions: RuleTable;
  private readonly known = new Map<string, boolean>();
  /** Functions without effects; calls of these are pure. */
  private readonly pureFunctions: ReadonlySet<string>;

  constructor(definitions: RuleTable, pureFunctions: ReadonlySet<string> = new Set()) {
    this.definitions = definitions;
    this.pureFunctions = pureFunctions;
  }

  /** Whether the operation only computes its results: no effect, and none inside its regions. */
  isPure(op: Operation): boolean {
    let pure = this.known.get(op.name);
    if (pure === undefined) {
      pure = this.definitions.get(op.name)?.traits.includes('pure') ?? false;
      this.known.set(op.name, pure);
    }
    if (op.regions.length === 0) return pure || this.isPureCall(op);
    return pure && op.regions.every((region) => region.operations.every((inner) => this.isPureOrEnd(inner)));
  }

  private isPureOrEnd(op: Operation): boolean {
    return this.isPure(op) || (this.definitions.get(op.name)?.traits.includes('terminator') ?? false);
  }

  private isPureCall(op: Operation): boolean {
    const callee = op.name === 'func.call' ? op.attributes.get('callee') : undefined;
    return callee?.kind === 'symbol' && this.pureFunctions.has(callee.name);
  }
}
