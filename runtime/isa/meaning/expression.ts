/**
 * The expression half of the meaning language: small typed trees without effects.
 *
 * Value types
 * - `index`  exact integer arithmetic for addresses and counts. Subtraction may go below zero; `div_u`, `rem_u` and
 *            comparisons are only used where both sides lie in [-2^31, 2^31), addresses are only added and multiplied.
 *            So 32-bit wrapping arithmetic gives the same result whenever the program does not fault.
 * - `i32`    32-bit wrapping lanes; also truth values (0 or 1).
 * - `i64`    64-bit wrapping, the scalar registers.
 * - `f32`    IEEE binary32; every operation rounds once, nothing is fused.
 * f16 and bf16 exist only at rest: a load widens exactly, a store rounds to nearest even.
 */

/** The type of a value inside an expression. */
export type ValueType = 'index' | 'i32' | 'i64' | 'f32';

/** The type of an element at rest in a memory space. */
export type ElementType = 'f32' | 'f16' | 'bf16' | 's64' | 's32' | 'u32' | 's16' | 'u16' | 's8' | 'u8';

/** A memory space an address operand can point into. */
export type Space = 'gm' | 'l1' | 'l0a' | 'l0b' | 'l0c' | 'bt' | 'fb' | 'ub';

/** Operations of one operand; the result type is the node's. */
export type UnaryOp =
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'nearest' // f32
  | 'round_f16'
  | 'round_bf16' // f32 to f32 through the narrow type
  | 'clz'
  | 'popcnt' // i32, i64
  | 'reinterpret' // f32 <-> i32 bits
  | 'convert_s' // i32 or i64 to f32, rounding once
  | 'trunc_sat_s' // f32 to i32 or i64; out of range saturates, nan gives 0
  | 'wrap' // i64 to i32, i64 to index (low 32 bits, unsigned), index to i32
  | 'extend_s'
  | 'extend_u'; // i32 or index to i64; i32 to index

/** Operations of two operands. Comparisons give i32 0 or 1; the operand type is the left operand's. */
export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div' // all types; integer div (i64 only) truncates, by zero gives 0
  | 'rem' // i64, by zero gives 0
  | 'div_u'
  | 'rem_u' // index
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr_s'
  | 'shr_u' // i32, i64; the shift count is taken modulo the width
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge' // signed for integers, ordered for f32 (ne: unordered or unequal)
  | 'lt_u'; // i32, i64

/** A typed expression. */
export type Expression =
  | { readonly kind: 'constant'; readonly type: ValueType; readonly value: number }
  | { readonly kind: 'operand'; readonly type: ValueType; readonly name: string }
  | { readonly kind: 'state'; readonly type: 'i32' | 'index'; readonly slot: StateName; readonly at?: Expression }
  | { readonly kind: 'local'; readonly type: ValueType; readonly name: string }
  | {
      readonly kind: 'load';
      readonly type: ValueType;
      readonly element: ElementType;
      readonly space: Space;
      readonly address: Expression;
    }
  | { readonly kind: 'unary'; readonly type: ValueType; readonly op: UnaryOp; readonly value: Expression }
  | {
      readonly kind: 'binary';
      readonly type: ValueType;
      readonly op: BinaryOp;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'select';
      readonly type: ValueType;
      readonly condition: Expression;
      readonly then: Expression;
      readonly else: Expression;
    };

/** Special registers of one core, as 32-bit slots: name, number of slots, value after reset. */
export const stateSlots = {
  mask: {
    slots: 4,
    reset: [-1, -1, -1, -1],
    note: 'vector mask, 128 bits, lowest first; in counter mode slot 0 is the element count',
  },
  mask_mode: { slots: 1, reset: [0], note: '0 normal, 1 counter' },
  cmpmask: { slots: 4, reset: [0, 0, 0, 0], note: 'result of vcmp_*, 128 bits' },
  va: { slots: 64, reset: [], note: 'VA0..VA7, eight UB byte addresses each (set_va_reg_sb)' },
  mov_pad: { slots: 1, reset: [0], note: 'padding element bits of the _align moves' },
  fmatrix: {
    slots: 12,
    reset: [],
    note: 'two sets (fmatrix_ctrl 0 and 1) of h, w, pad_left, pad_right, pad_top, pad_bottom',
  },
  l3d_rpt: { slots: 3, reset: [0, 1, 0], note: 'repeat stride, times, mode of img2col' },
  padding: { slots: 1, reset: [0], note: 'padding element bits of img2col' },
  quant_pre: { slots: 2, reset: [0, 0], note: 'scalar quantization parameter, low and high word' },
  nd_para: { slots: 3, reset: [1, 0, 0], note: 'nd_num, src_nd_stride, dst_nd_stride of nz2nd' },
  fpc: { slots: 1, reset: [0], note: 'FB byte address of the per-channel quantization vector' },
  atomic_op: { slots: 1, reset: [0], note: '0 none, 1 add, 2 max, 3 min' },
  atomic_type: { slots: 1, reset: [0], note: '0 none, 1 f32, 2 f16, 3 s16, 4 s32, 5 s8, 6 bf16' },
  deqscale: { slots: 1, reset: [0x3f800000], note: 'f32 factor of vconv_deq_*' },
  rsvd_cnt: { slots: 1, reset: [0], note: 'elements kept by the last vreducev2' },
  block_idx: { slots: 1, reset: [0], note: 'set at launch' },
  block_num: { slots: 1, reset: [1], note: 'set at launch' },
  subblockid: { slots: 1, reset: [0], note: 'set at launch: 0 or 1 on the two vector cores of a mix block' },
} as const satisfies Record<string, { slots: number; reset: readonly number[]; note: string }>;

/** Name of a special register. */
export type StateName = keyof typeof stateSlots;

/** First slot of each special register in a core's state column. */
export const stateOffset: Readonly<Record<StateName, number>> = (() => {
  const offsets: Partial<Record<StateName, number>> = {};
  let next = 0;
  for (const name of Object.keys(stateSlots) as StateName[]) {
    offsets[name] = next;
    next += stateSlots[name].slots;
  }
  return offsets as Record<StateName, number>; // total: the loop visits every key
})();

/** Number of 32-bit slots of the state column. */
export const stateSlotCount: number = Object.values(stateSlots).reduce((sum, slot) => sum + slot.slots, 0);

/** A fresh state column with every special register at its reset value. */
export function resetState(): Int32Array {
  const state = new Int32Array(stateSlotCount);
  for (const name of Object.keys(stateSlots) as StateName[]) state.set(stateSlots[name].reset, stateOffset[name]);
  return state;
}

const elementBytes: Readonly<Record<ElementType, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  s64: 8,
  s32: 4,
  u32: 4,
  s16: 2,
  u16: 2,
  s8: 1,
  u8: 1,
};

/** Size of an element at rest in bytes. */
export function bytesOf(element: ElementType): number {
  return elementBytes[element];
}

/** The value type that a load of this element gives. */
export function valueTypeOf(element: ElementType): ValueType {
  if (element === 'f32' || element === 'f16' || element === 'bf16') return 'f32';
  return element === 's64' ? 'i64' : 'i32';
}

type Number_ = Expression | number;

function asExpression(value: Number_, type: ValueType): Expression {
  return typeof value === 'number' ? constant(type, value) : value;
}

/** A constant of the given type. */
export const constant = (type: ValueType, value: number): Expression => ({ kind: 'constant', type, value });
/** The f32 whose value is nearest to the number. */
export const f32 = (value: number): Expression => constant('f32', Math.fround(value));
/** A 32-bit integer constant. */
export const i32 = (value: number): Expression => constant('i32', value | 0);
/** An address or count constant. */
export const index = (value: number): Expression => constant('index', value);
/** The value of an operand (register or immediate), read as the given type; `index` is unsigned 32 bit. */
export const operand = (name: string, type: ValueType = 'index'): Expression => ({ kind: 'operand', type, name });
/** A slot of a special register. */
export const state = (slot: StateName, at?: Number_, type: 'i32' | 'index' = 'index'): Expression =>
  at === undefined ? { kind: 'state', type, slot } : { kind: 'state', type, slot, at: asExpression(at, 'index') };
/** A loop index, a let, or a lane input. */
export const local = (name: string, type: ValueType = 'index'): Expression => ({ kind: 'local', type, name });
/** The element at a byte address of a space. */
export const load = (space: Space, element: ElementType, address: Expression): Expression => ({
  kind: 'load',
  type: valueTypeOf(element),
  element,
  space,
  address,
});
/** A unary operation whose result type is given. */
export const unary = (op: UnaryOp, type: ValueType, value: Expression): Expression => ({
  kind: 'unary',
  type,
  op,
  value,
});
/** `condition ? then : otherwise`, both sides pure. */
export const select = (condition: Expression, then: Number_, otherwise: Number_): Expression => {
  const type = typeof then !== 'number' ? then.type : typeof otherwise !== 'number' ? otherwise.type : 'i32';
  return { kind: 'select', type, condition, then: asExpression(then, type), else: asExpression(otherwise, type) };
};

const comparisons: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'lt_u']);

/** A binary operation; a number takes the type of the other side. */
export function binary(op: BinaryOp, left: Number_, right: Number_): Expression {
  const operandType = typeof left !== 'number' ? left.type : typeof right !== 'number' ? right.type : 'index';
  const type = comparisons.has(op) ? 'i32' : operandType;
  return { kind: 'binary', type, op, left: asExpression(left, operandType), right: asExpression(right, operandType) };
}

const fold =
  (op: BinaryOp) =>
  (...terms: readonly Number_[]): Expression => {
    const typed = terms.find((term) => typeof term !== 'number') as Expression | undefined;
    const type = typed?.type ?? 'index';
    return terms.map((term) => asExpression(term, type)).reduce((left, right) => binary(op, left, right));
  };

/** Sum of the terms, left to right. */
export const add = fold('add');
/** Product of the factors, left to right. */
export const mul = fold('mul');
/** Bitwise or of the terms. */
export const or = fold('or');
/** Bitwise and of the terms; also the logical and of truth values. */
export const and = fold('and');
/** Difference. */
export const sub = (left: Number_, right: Number_): Expression => binary('sub', left, right);
/** Quotient of index values, rounded down. */
export const div = (left: Number_, right: Number_): Expression => binary('div_u', left, right);
/** Remainder of index values. */
export const rem = (left: Number_, right: Number_): Expression => binary('rem_u', left, right);
/** Quotient of index values, rounded up. */
export const ceilDiv = (left: Expression, right: number): Expression => div(add(left, right - 1), right);
