/** Branches whose regions are cheap and only compute, as both regions and a selection. */
import type { Block, Operation, RuleTable, Value } from '../../ir/index.ts';
import { Operation as Op, definingOperation } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { Purity, cloneOperations, missed, rule } from '../rewrite/index.ts';
import { BRANCH_BYTES, operationBytes } from './cost.ts';

const PREDICATE = rule('branch as both regions and a selection');

export interface PredicateOptions {
  readonly definitions: RuleTable;
  /** Cost of a branch: regions that cost more stay apart. */
  readonly limitBytes?: number;
  /** Whom to tell why a branch stays. */
  readonly observer?: PassObserver | null;
}

/** Rewrites every branch of a block and of the regions in it that may be; returns how many. */
export function predicateBlock(block: Block, options: PredicateOptions): number {
  return new Predication(options).block(block);
}

class Predication {
  private readonly options: PredicateOptions;
  private readonly purity: Purity;
  private readonly replaced = new Map<Value, Value>();

  constructor(options: PredicateOptions) {
    this.options = options;
    this.purity = new Purity(options.definitions);
  }

  block(block: Block): number {
    let count = 0;
    const operations: Operation[] = [];
    for (const op of block.operations) {
      op.operands.forEach((operand, index) => {
        const other = this.replaced.get(operand);
        if (other) op.setOperand(index, other);
      });
      for (const region of op.regions) count += this.block(region);
      const straight = op.name === 'scf.if' ? this.straight(op) : null;
      if (straight === null) {
        operations.push(op);
        continue;
      }
      operations.push(...straight);
      count++;
    }
    block.operations = operations;
    return count;
  }

  /** What replaces a branch, or null where it stays. */
  private straight(op: Operation): readonly Operation[] | null {
    const reason = this.reasonAgainst(op);
    if (reason !== null) {
      this.options.observer?.remark(missed(PREDICATE, op, reason));
      return null;
    }
    const condition = conditionTensor(op);
    if (condition === null) throw new Error('a branch without a tensor condition is not predicated');
    const sides = op.regions.map((region) => cloneOperations(region, []));
    const selections = op.results.map((result, index) => {
      const values = sides.map(({ results }) => results[index]);
      const selection = new Op('ms.select', [condition, ...values], [result.type], new Map(), [], op.location);
      selection.results[0].name = result.name;
      this.replaced.set(result, selection.results[0]);
      return selection;
    });
    const made = [...sides.flatMap(({ operations }) => operations), ...selections];
    const values = selections.flatMap(({ results }) => results);
    this.options.observer?.rewritten({ rule: PREDICATE, op, made, values });
    op.dropUses();
    return made;
  }

  private reasonAgainst(op: Operation): string | null {
    if (conditionTensor(op) === null) return 'its condition is no element of a tensor';
    if (op.results.some(({ type }) => type.kind !== 'tensor')) return 'it yields values that are no tensors';
    const inside = op.regions.flatMap((region) => region.operations.slice(0, -1));
    const other = inside.find((inner) => !this.onlyComputes(inner));
    if (other) return `'${other.name}' does more than compute a value`;
    const bytes = inside.reduce((sum, inner) => sum + operationBytes(inner), 0);
    const limit = this.options.limitBytes ?? BRANCH_BYTES;
    return bytes > limit ? `both regions take the time of ${bytes} bytes, a branch that of ${limit}` : null;
  }

  private onlyComputes(op: Operation): boolean {
    const isOurs = op.name.startsWith('ms.') || op.name.startsWith('arith.') || op.name === 'tensor.extract';
    return isOurs && op.regions.length === 0 && this.purity.isPure(op);
  }
}

/** The tensor<i1> whose element decides, or null. */
function conditionTensor(op: Operation): Value | null {
  const extract = definingOperation(op.operands[0]);
  if (extract?.name !== 'tensor.extract' || extract.operands.length !== 1) return null;
  const [source] = extract.operands;
  return source.type.kind === 'tensor' && source.type.shape.length === 0 ? source : null;
}
