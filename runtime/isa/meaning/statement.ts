/**
 * The statement half of the meaning language: bounded loop nests over loads and stores, and the three structured
 * forms (lanes, reduction, body) that an instruction's meaning takes.
 */
import type { ElementType, Expression, Space, StateName } from './expression.ts';

/** One step of a loop nest. Loops run in order; counts are evaluated once on entry. */
export type Statement =
  | { readonly kind: 'for'; readonly index: string; readonly count: Expression; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly else: readonly Statement[];
    }
  /** Declares a local; `assign` changes it later. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  /** Writes one element. `atomic` stores honour set_atomic_*: the old element is combined in the store's own type. */
  | {
      readonly kind: 'store';
      readonly space: Space;
      readonly element: ElementType;
      readonly address: Expression;
      readonly value: Expression;
      readonly atomic: boolean;
    }
  /** Moves bytes; source and destination never overlap. `atomic` moves honour set_atomic_* with its element type. */
  | {
      readonly kind: 'move';
      readonly to: Place;
      readonly from: Place;
      readonly bytes: Expression;
      readonly atomic: boolean;
    }
  /** Writes a scalar register named by a register operand; the value is i64. */
  | { readonly kind: 'set'; readonly register: string; readonly value: Expression }
  /** Writes a slot of a special register; the value is i32 or index. */
  | { readonly kind: 'state'; readonly slot: StateName; readonly at?: Expression; readonly value: Expression };

/** A byte address in a space. */
export interface Place {
  readonly space: Space;
  readonly address: Expression;
}

/** An input of a lane operation: the local of that name holds the lane's value. A `bit` input has no strides. */
export interface LaneInput {
  readonly name: string;
  readonly element: ElementType | 'bit';
}

/**
 * A vector operation on independent lanes.
 *
 * For repeat r and lane e < `elements` with its mask bit set, element e of an operand X lies at byte
 * `X + r * X_rep * 32 + floor(e / p) * X_blk * 32 + (e mod p) * s`, s = its size, p = 32 / s, where X_blk and X_rep are the
 * operands of those names (absent: X_blk 1, X_rep elements * s / 32). All inputs of a repeat are read before its outputs are written as
 * long as the destination overlaps a source not at all or exactly. Masked-off lanes keep the old value.
 * Counter mode: lane e of repeat r is active when r * elements + e < count, and repeat is ceil(count / elements).
 * A `bit` input or output is a packed bit vector: bit (e mod 8) of byte X + r * elements / 8 + floor(e / 8);
 * masked-off lanes of a bit output are written 0. Output 'cmpmask' is the special register (the last repeat stays).
 */
export interface Lanes {
  readonly kind: 'lanes';
  /** Lanes per repeat: 256 bytes of the widest element. */
  readonly elements: 32 | 64 | 128 | 256;
  /** Sources in memory; an input named `dst` reads the old destination. */
  readonly inputs: readonly LaneInput[];
  readonly output: ElementType | 'bit' | 'cmpmask';
  /** Result in terms of the input locals, operands, and the locals `lane` (e), `repeat_index` (r), `position` (r * elements + e). */
  readonly value: Expression;
}

/** What a per-repeat reduction leaves in the destination. */
export type ReductionResult = 'value' | 'value_index' | 'index_value' | 'index';

/**
 * A reduction inside each repeat: groups of `group` consecutive lanes become one result.
 * Masked-off lanes count as `identity`; a group without active lanes writes nothing.
 * The tree works on f32 values, also for f16, and halves: x[i] = combine(x[i], x[i + n/2]) for n = group, group/2, … 2; so it has one defined rounding.
 * Index results: the first active lane whose value equals the result, else 0.
 * Result g of repeat r is stored at dst + r * dst_rep * `destinationUnitBytes` + g * (size of one result). Source strides as in Lanes.
 */
export interface Reduction {
  readonly kind: 'reduction';
  readonly elements: 32 | 64 | 128 | 256;
  readonly element: ElementType;
  readonly group: number;
  readonly identity: number;
  /** In terms of the locals a and b. */
  readonly combine: Expression;
  readonly result: ReductionResult;
  readonly destinationUnitBytes: number;
}

/** A general loop nest. */
export interface Body {
  readonly kind: 'body';
  readonly statements: readonly Statement[];
}

/** Control transfer: the condition (absent: always) decides whether the label operand `target` is taken. */
export interface Control {
  readonly kind: 'control';
  readonly what: 'jump' | 'end';
  readonly condition?: Expression;
}

/** Synchronization; it moves no data. The machine gives it meaning (facts of §5). */
export interface Synchronization {
  readonly kind: 'synchronization';
  readonly what: 'set_flag' | 'wait_flag' | 'pipe_barrier' | 'cross_core_set' | 'cross_core_wait' | 'none';
}

/** What an instruction means. */
export type Meaning = Lanes | Reduction | Body | Control | Synchronization;

/** A counted loop. */
export const loop = (index: string, count: Expression, body: readonly Statement[]): Statement => ({
  kind: 'for',
  index,
  count,
  body,
});
/** A guarded part. */
export const when = (
  condition: Expression,
  then: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement => ({ kind: 'if', condition, then, else: otherwise });
/** A named intermediate value. */
export const define = (name: string, value: Expression): Statement => ({ kind: 'let', name, value });
/** A new value for a named intermediate. */
export const assign = (name: string, value: Expression): Statement => ({ kind: 'assign', name, value });
/** A store of one element. */
export const store = (space: Space, element: ElementType, address: Expression, value: Expression): Statement => ({
  kind: 'store',
  space,
  element,
  address,
  value,
  atomic: false,
});
/** A store of one element that honours the atomic mode. */
export const atomicStore = (space: Space, element: ElementType, address: Expression, value: Expression): Statement => ({
  kind: 'store',
  space,
  element,
  address,
  value,
  atomic: true,
});
/** A block copy. */
export const move = (to: Place, from: Place, bytes: Expression): Statement => ({
  kind: 'move',
  to,
  from,
  bytes,
  atomic: false,
});
/** A block copy to GM that honours the atomic mode. */
export const atomicMove = (to: Place, from: Place, bytes: Expression): Statement => ({
  kind: 'move',
  to,
  from,
  bytes,
  atomic: true,
});
/** A place in a space. */
export const place = (space: Space, address: Expression): Place => ({ space, address });
/** A meaning made of statements. */
export const body = (...statements: readonly Statement[]): Body => ({ kind: 'body', statements });
