/**
 * The rewrite driver: forward sweeps to a fixpoint.
 *
 * A sweep visits each operation once, after everything it uses. A replaced value is remembered in `replacements`, and
 * since all its users come later, they are redirected as the sweep reaches them: no user lists are needed. New
 * operations are visited before the matched one is left behind, so one sweep usually reaches the fixpoint; a second
 * one confirms it. Dead operations go in a backward sweep, by use counts. Cost: linear in the operations visited.
 */
import type { Attribute, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { typesEqual } from '../../ir/index.ts';
import { removeDead } from './dead.ts';
import type { PassObserver, Remark } from './observer.ts';
import { missed, rule } from './observer.ts';
import type { ConstantFolding, Pattern, PatternTable } from './pattern.ts';
import { holdsPinned, inheritStage, isPinned, losesPinned } from './placement.ts';
import { Purity } from './purity.ts';
import { Rewriter } from './rewriter.ts';

export interface RewriteOptions {
  readonly definitions: RuleTable;
  readonly patterns: PatternTable;
  readonly folding: ConstantFolding | null;
  /** Whether constants go to the right of commutative operations. */
  readonly orderOperands: boolean;
  /** Sweeps after which the driver stops although patterns still apply. */
  readonly maxSweeps?: number;
  readonly pureFunctions?: ReadonlySet<string>;
  /** Whom to tell what was rewritten, and which rules nearly applied in the last sweep. */
  readonly observer?: PassObserver | null;
}

export interface RewriteStatistics {
  /** How often each pattern applied, by name. */
  readonly applied: ReadonlyMap<string, number>;
  readonly removed: number;
  readonly sweeps: number;
  /** False when the last allowed sweep still changed something. */
  readonly converged: boolean;
}

const FOLD = rule('constant-fold');
const PINNED = 'the user said how an operation that it would replace is divided';
const DEFAULT_MAX_SWEEPS = 10;
/** Replacements of replacements of one operation; beyond this a pair of patterns undoes each other. */
const CHAIN_LIMIT = 1000;

/** Applies patterns, folding and dead code removal to a module until nothing changes. */
export function rewriteModule(module: Module, options: RewriteOptions): RewriteStatistics {
  return rewriteBlock(module.body, options);
}

/** The same for the operations of one block and everything inside. */
export function rewriteBlock(block: Block, options: RewriteOptions): RewriteStatistics {
  const purity = new Purity(options.definitions, options.pureFunctions);
  const applied = new Map<string, number>();
  const maxSweeps = options.maxSweeps ?? DEFAULT_MAX_SWEEPS;
  const { observer } = options;
  const isPinning = holdsPinned(block);
  let removed = removeDead(block, purity, observer);
  for (let sweeps = 1; ; sweeps++) {
    const sweep = new Sweep(options, applied, isPinning);
    sweep.block(block);
    removed += removeDead(block, purity, observer);
    if (sweep.changed && sweeps < maxSweeps) continue;
    // What nearly applied before may have applied since.
    for (const [op, remarks] of sweep.misses) if (!isDead(op)) for (const remark of remarks) observer?.remark(remark);
    return { applied, removed, sweeps, converged: !sweep.changed };
  }
}

/** What the driver needs to know about an operation's name, looked up once. */
interface NameFacts {
  readonly patterns: readonly Pattern[];
  readonly commutative: boolean;
  readonly constant: boolean;
  readonly foldable: boolean;
}

const isDead = (op: Operation): boolean => op.results.length > 0 && op.results.every((result) => result.uses === 0);

class Sweep {
  changed = false;
  /** Rules that nearly applied, by what they would have changed. */
  readonly misses = new Map<Operation, Remark[]>();
  private readonly options: RewriteOptions;
  private readonly applied: Map<string, number>;
  /** Whether the user divided any operation. */
  private readonly isPinning: boolean;
  private readonly rewriter: Rewriter;
  private readonly facts = new Map<string, NameFacts>();
  private readonly replacements = new Map<Value, Value>();
  private output: Operation[] = [];

  constructor(options: RewriteOptions, applied: Map<string, number>, isPinning: boolean) {
    this.options = options;
    this.isPinning = isPinning;
    this.applied = applied;
    this.rewriter = new Rewriter(options.definitions, Boolean(options.observer));
  }

  block(block: Block): void {
    const outer = this.output;
    this.output = [];
    for (const op of block.operations) this.visit(op, 0);
    block.operations = this.output;
    this.output = outer;
  }

  /** Brings one operation to its final form and appends it to the output, unless it was replaced. */
  private visit(op: Operation, chain: number): void {
    if (this.replacements.size > 0) this.redirect(op);
    const facts = this.factsOf(op.name);
    if (facts.commutative && this.options.orderOperands) this.constantsLast(op);
    if (this.replace(op, facts, chain)) return;
    if (op.regions.length > 0) {
      const before = this.changed;
      this.changed = false;
      for (const region of op.regions) this.block(region);
      const inner = this.changed;
      this.changed ||= before;
      if (inner && this.replace(op, facts, chain)) return;
    }
    this.output.push(op);
  }

  private redirect(op: Operation): void {
    const { operands } = op;
    for (let index = 0; index < operands.length; index++) {
      const value = this.replacements.get(operands[index]);
      if (value !== undefined) op.setOperand(index, this.latest(value));
    }
  }

  /** Follows replacements of replacements. */
  private latest(value: Value): Value {
    let current = value;
    for (let next = this.replacements.get(current); next !== undefined; next = this.replacements.get(current))
      current = next;
    return current;
  }

  private replace(op: Operation, facts: NameFacts, chain: number): boolean {
    const folded = facts.foldable ? this.fold(op) : null;
    if (folded && !this.isHeld(op, folded)) {
      this.commit(op, folded, FOLD, chain);
      return true;
    }
    for (const pattern of facts.patterns) {
      this.rewriter.take(op.location);
      const values = pattern.rewrite(op, this.rewriter);
      if (values && !this.isHeld(op, values)) {
        this.commit(op, values, pattern.name, chain);
        return true;
      }
      if (this.options.observer) this.noteMiss(op, pattern.name, values ? PINNED : this.rewriter.reason);
      for (const unused of this.rewriter.take(op.location)) unused.dropUses();
    }
    return false;
  }

  private noteMiss(op: Operation, name: string, reason: string | null): void {
    if (reason === null) return;
    const known = this.misses.get(op) ?? [];
    this.misses.set(op, [...known.filter((remark) => remark.rule !== name), missed(name, op, reason)]);
  }

  /** Whether what the user divided stands in the way of a replacement. */
  private isHeld(op: Operation, values: readonly Value[]): boolean {
    return this.isPinning && (isPinned(op) || losesPinned(op, values));
  }

  /** Puts what was created before the operation, and its replacements in place of its results. */
  private commit(op: Operation, values: readonly Value[], name: string, chain: number): void {
    if (chain > CHAIN_LIMIT) throw new Error(`patterns undo each other at '${op.name}' (last applied: ${name})`);
    checkReplacement(op, values, name);
    const made = this.rewriter.take(op.location);
    inheritStage(op, made);
    if (this.options.observer) {
      this.misses.delete(op);
      this.options.observer.rewritten({ rule: name, op, made, values });
    }
    for (const created of made) this.visit(created, chain + 1);
    for (let index = 0; index < values.length; index++) {
      const value = this.latest(values[index]);
      const result = op.results[index];
      if (value === result) continue;
      if (value.name === '') value.name = result.name;
      this.replacements.set(result, value);
    }
    op.dropUses();
    this.changed = true;
    this.applied.set(name, (this.applied.get(name) ?? 0) + 1);
  }

  /** The constants that a pure operation on constants gives, as new operations; null when it cannot be folded. */
  private fold(op: Operation): readonly Value[] | null {
    const { folding } = this.options;
    if (!folding || op.results.length === 0) return null;
    const operands: Attribute[] = [];
    for (const operand of op.operands) {
      const value = this.rewriter.constantOf(operand);
      if (value === null) return null;
      operands.push(value);
    }
    const values = folding.fold(op, operands);
    if (!values) {
      if (this.options.observer) this.noteMiss(op, FOLD, folding.reason?.(op, operands) ?? null);
      return null;
    }
    const constants = values.map((value, index) => folding.materialize(op, value, op.results[index].type));
    this.rewriter.take(op.location);
    const made: Value[] = [];
    for (const [index, constant] of constants.entries()) {
      if (!constant) return null;
      made.push(this.rewriter.create(constant.name, [], [op.results[index].type], constant.attributes).results[0]);
    }
    return made;
  }

  private constantsLast(op: Operation): void {
    if (op.operands.length !== 2) return;
    const [left, right] = op.operands;
    if (this.rewriter.constantOf(left) === null || this.rewriter.constantOf(right) !== null) return;
    op.setOperand(0, right);
    op.setOperand(1, left);
    this.changed = true;
  }

  private factsOf(name: string): NameFacts {
    const known = this.facts.get(name);
    if (known) return known;
    const traits = this.options.definitions.get(name)?.traits ?? [];
    const constant = traits.includes('constant');
    const facts = {
      patterns: this.options.patterns.get(name) ?? [],
      commutative: traits.includes('commutative'),
      constant,
      foldable: traits.includes('pure') && !constant,
    };
    this.facts.set(name, facts);
    return facts;
  }
}

function checkReplacement(op: Operation, values: readonly Value[], name: string): void {
  if (values.length !== op.results.length) {
    throw new Error(
      `pattern '${name}' gives ${values.length} values for the ${op.results.length} results of '${op.name}'`,
    );
  }
  for (let index = 0; index < values.length; index++) {
    const expected = op.results[index].type;
    if (typesEqual(values[index].type, expected)) continue;
    throw new Error(`pattern '${name}' gives ${values[index].type.key} for ${expected.key} of '${op.name}'`);
  }
}
