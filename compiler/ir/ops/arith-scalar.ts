/**
 * `arith.*` on scalars (and, as in MLIR, elementwise on tensors), and the two `tensor.*` ops between scalars and
 * tensors. They compute what decides control flow: loop counters, conditions, indices.
 */
import type {
  Absent,
  AttributeSlot,
  Constraint,
  OpDefinition,
  Slot,
  Trait,
  TypePredicate,
} from '../core/definition.ts';
import { absent, isAbsent } from '../core/definition.ts';
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import type { DType, Type } from '../core/type.ts';
import { elementCount, isFloat, scalarType, staticShape, tensorType } from '../core/type.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';
import { anyType } from './func.ts';

type Infer = (operandTypes: readonly Type[], attributes: AttributeMap) => Result<readonly Type[]>;

/** The dtype of a scalar or tensor, or null. */
export function dtypeOf(type: Type): DType | 'index' | null {
  return type.kind === 'scalar' || type.kind === 'tensor' ? type.dtype : null;
}

function elementwise(text: string, test: (dtype: DType | 'index') => boolean): TypePredicate {
  return {
    text: `${text} or a tensor of them`,
    test: (type) => {
      const dtype = dtypeOf(type);
      return dtype !== null && test(dtype);
    },
  };
}

const signlessInteger = elementwise(
  'a signless integer or index',
  (dtype) => !isFloat(dtype) && !dtype.startsWith('ui'),
);
const fixedInteger = elementwise(
  'a signless integer',
  (dtype) => !isFloat(dtype) && !dtype.startsWith('ui') && dtype !== 'index',
);
const float = elementwise('a float', isFloat);
const scalarNumber: TypePredicate = { text: 'a scalar', test: (type) => type.kind === 'scalar' };
const index: TypePredicate = { text: 'index', test: (type) => type.key === 'index' };
const condition = elementwise('i1', (dtype) => dtype === 'i1');
const tensor: TypePredicate = { text: 'a tensor', test: (type) => type.kind === 'tensor' };

const one = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'one' });
const many = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'variadic' });

interface Row {
  readonly summary: string;
  readonly operands: readonly Slot[];
  readonly results: readonly Slot[];
  readonly attributes?: readonly AttributeSlot[];
  readonly traits?: readonly Trait[];
  readonly constraints?: readonly Constraint[];
  readonly infer: Infer | Absent;
}

function define(name: string, row: Row): OpDefinition {
  return {
    name,
    family: name.slice(0, name.indexOf('.')),
    summary: row.summary,
    operands: row.operands,
    results: row.results,
    attributes: row.attributes ?? [],
    regions: [],
    traits: ['pure', ...(row.traits ?? [])],
    constraints: row.constraints ?? [],
    infer: isAbsent(row.infer) ? row.infer : checkedInfer(row.infer, row.constraints ?? []),
    axes: absent('scalar control computation'),
  };
}

/** The constraints first: result types of operands that do not fit mean nothing. */
function checkedInfer(infer: Infer, constraints: readonly Constraint[]): Infer {
  return (operandTypes, attributes) => {
    for (const constraint of constraints) {
      const found = constraint.check({ operandTypes, attributes, resultTypes: [] });
      if (found !== null) return failure(found);
    }
    return infer(operandTypes, attributes);
  };
}

const sameOperands = (from = 0): Constraint => ({
  label: 'C1',
  text: 'the operands have one type',
  check: ({ operandTypes }) => differing(operandTypes.slice(from)),
});

function differing(types: readonly Type[]): string | null {
  const other = types.find((type) => type.key !== types[0].key);
  return other ? `types are ${types[0].key} and ${other.key}` : null;
}

const typeOfOperand =
  (at: number): Infer =>
  (types) =>
    types[at] ? ok([types[at]]) : failure(`number of operands is ${types.length}, expected at least ${at + 1}`);

const flag = (name: string): AttributeSlot => ({ name, kind: 'any', required: false, summary: `MLIR's ${name}` });

function binary(name: string, summary: string, accepts: TypePredicate, traits: readonly Trait[] = []): OpDefinition {
  return define(`arith.${name}`, {
    summary,
    operands: [one('lhs', accepts), one('rhs', accepts)],
    results: [one('result', accepts)],
    attributes: [flag(accepts === float ? 'fastmath' : 'overflowFlags')],
    traits: ['elementwise', ...traits],
    constraints: [sameOperands()],
    infer: typeOfOperand(0),
  });
}

/** i1, or a tensor of i1 of the same shape. */
export function conditionType(type: Type): Type {
  return type.kind === 'tensor' ? tensorType(type.shape, 'i1', type.encoding) : scalarType('i1');
}

function compare(name: string, accepts: TypePredicate): OpDefinition {
  return define(`arith.${name}`, {
    summary: 'Compares by the predicate, which is counted as in MLIR.',
    operands: [one('lhs', accepts), one('rhs', accepts)],
    results: [one('result', condition)],
    attributes: [{ name: 'predicate', kind: 'integer', required: true, summary: 'which comparison' }, flag('fastmath')],
    traits: ['elementwise'],
    constraints: [sameOperands()],
    infer: (types) =>
      types.length > 0 ? ok([conditionType(types[0])]) : failure('number of operands is 0, expected 2'),
  });
}

/** How the bit widths of a cast's operand and result must relate. */
type Widths = 'wider' | 'narrower' | 'any' | 'one is index';

const WIDTH_RULES: Readonly<Record<Widths, string>> = {
  wider: '; the result is wider',
  narrower: '; the result is narrower',
  any: '',
  'one is index': '; one of them is index',
};

function cast(name: string, summary: string, from: TypePredicate, to: TypePredicate, widths: Widths): OpDefinition {
  return define(`arith.${name}`, {
    summary,
    operands: [one('value', from)],
    results: [one('result', to)],
    attributes: [flag('fastmath')],
    traits: ['elementwise'],
    constraints: [
      {
        label: 'C1',
        text: `operand and result have one shape${WIDTH_RULES[widths]}`,
        check: ({ operandTypes, resultTypes }) => castProblem(operandTypes[0], resultTypes[0], widths),
      },
    ],
    infer: absent('the result type says what to cast to'),
  });
}

function castProblem(from: Type | undefined, to: Type | undefined, widths: Widths): string | null {
  if (!from || !to) return null;
  const shape = (type: Type) => (type.kind === 'tensor' ? `[${type.shape.join(', ')}]` : 'scalar');
  if (shape(from) !== shape(to)) return `operand is ${from.key}, result is ${to.key}`;
  if (widths === 'any') return null;
  const indices = [from, to].filter((type) => dtypeOf(type) === 'index').length;
  if (widths === 'one is index') return indices === 1 ? null : `operand is ${from.key}, result is ${to.key}`;
  const [fromBits, toBits] = [dtypeBits(from), dtypeBits(to)];
  const fits = widths === 'wider' ? toBits > fromBits : toBits < fromBits;
  return fits ? null : `operand is ${from.key}, result is ${to.key}`;
}

function dtypeBits(type: Type): number {
  const dtype = dtypeOf(type);
  return dtype === null || dtype === 'index' ? 64 : Number(/[0-9]+$/.exec(dtype)?.[0] ?? 64);
}

function inferConstant(_: readonly Type[], attributes: AttributeMap): Result<readonly Type[]> {
  const value = attributes.get('value');
  const type = value && constantType(value);
  return type
    ? ok([type])
    : failure(`attribute 'value' is ${value?.kind ?? 'missing'}, expected a typed number or dense`);
}

/** The type that a constant's attribute carries, or null. */
export function constantType(value: Attribute): Type | null {
  if (value.kind === 'integer' || value.kind === 'float' || value.kind === 'dense') return value.type;
  return value.kind === 'bool' ? scalarType('i1') : null;
}

const COMMUTATIVE: readonly Trait[] = ['commutative'];
const COMMUTATIVE_IDEMPOTENT: readonly Trait[] = ['commutative', 'idempotent'];

const rows: readonly OpDefinition[] = [
  define('arith.constant', {
    summary: 'A constant.',
    operands: [],
    results: [one('result', anyType)],
    attributes: [{ name: 'value', kind: 'any', required: true, summary: 'a typed number, a bool or dense elements' }],
    traits: ['constant'],
    infer: inferConstant,
  }),
  binary('addi', 'lhs + rhs, wrapping.', signlessInteger, COMMUTATIVE),
  binary('subi', 'lhs - rhs, wrapping.', signlessInteger),
  binary('muli', 'lhs * rhs, wrapping.', signlessInteger, COMMUTATIVE),
  binary('divsi', 'Signed division, rounded to zero.', signlessInteger),
  binary('divui', 'Unsigned division.', signlessInteger),
  binary('remsi', 'Remainder of signed division; it has the sign of lhs.', signlessInteger),
  binary('remui', 'Remainder of unsigned division.', signlessInteger),
  binary('floordivsi', 'Signed division, rounded down.', signlessInteger),
  binary('ceildivsi', 'Signed division, rounded up.', signlessInteger),
  binary('andi', 'Bitwise and.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('ori', 'Bitwise or.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('xori', 'Bitwise exclusive or.', signlessInteger, COMMUTATIVE),
  binary('shli', 'Shift left.', signlessInteger),
  binary('shrsi', 'Shift right, keeping the sign.', signlessInteger),
  binary('shrui', 'Shift right, filling with zeros.', signlessInteger),
  binary('maxsi', 'Signed maximum.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('maxui', 'Unsigned maximum.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('minsi', 'Signed minimum.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('minui', 'Unsigned minimum.', signlessInteger, COMMUTATIVE_IDEMPOTENT),
  binary('addf', 'lhs + rhs.', float, COMMUTATIVE),
  binary('subf', 'lhs - rhs.', float),
  binary('mulf', 'lhs * rhs.', float, COMMUTATIVE),
  binary('divf', 'lhs / rhs.', float),
  binary('remf', 'Remainder of division, rounded to zero; it has the sign of lhs.', float),
  binary('maximumf', 'Maximum; NaN when an operand is NaN.', float, COMMUTATIVE_IDEMPOTENT),
  binary('minimumf', 'Minimum; NaN when an operand is NaN.', float, COMMUTATIVE_IDEMPOTENT),
  define('arith.negf', {
    summary: '-value.',
    operands: [one('value', float)],
    results: [one('result', float)],
    attributes: [flag('fastmath')],
    traits: ['elementwise'],
    infer: typeOfOperand(0),
  }),
  compare('cmpi', signlessInteger),
  compare('cmpf', float),
  define('arith.select', {
    summary: 'on_true where the condition holds, else on_false.',
    operands: [one('condition', condition), one('on_true', anyType), one('on_false', anyType)],
    results: [one('result', anyType)],
    constraints: [sameOperands(1)],
    infer: typeOfOperand(1),
  }),
  cast('extf', 'To a wider float.', float, float, 'wider'),
  cast('truncf', 'To a narrower float, to nearest even.', float, float, 'narrower'),
  cast('extsi', 'To a wider integer, keeping the sign.', fixedInteger, fixedInteger, 'wider'),
  cast('extui', 'To a wider integer, filling with zeros.', fixedInteger, fixedInteger, 'wider'),
  cast('trunci', 'To a narrower integer, dropping high bits.', fixedInteger, fixedInteger, 'narrower'),
  cast('sitofp', 'Signed integer to float.', fixedInteger, float, 'any'),
  cast('uitofp', 'Unsigned integer to float.', fixedInteger, float, 'any'),
  cast('fptosi', 'Float to signed integer, rounded to zero.', float, fixedInteger, 'any'),
  cast('fptoui', 'Float to unsigned integer, rounded to zero.', float, fixedInteger, 'any'),
  cast('index_cast', 'Between index and integer, as signed.', signlessInteger, signlessInteger, 'one is index'),
  define('tensor.extract', {
    summary: 'One element of a tensor as a scalar.',
    operands: [one('tensor', tensor), many('indices', index)],
    results: [one('result', scalarNumber)],
    constraints: [
      {
        label: 'C1',
        text: 'there is one index for each dimension',
        check: ({ operandTypes: [source, ...indices] }) =>
          source?.kind === 'tensor' && source.shape.length !== indices.length
            ? `rank is ${source.shape.length}, indices are ${indices.length}`
            : null,
      },
    ],
    infer: ([source]) =>
      source?.kind === 'tensor' ? ok([scalarType(source.dtype)]) : failure('operand 0 is no tensor'),
  }),
  define('tensor.from_elements', {
    summary: 'A tensor of the given scalars, in row-major order.',
    operands: [many('elements', scalarNumber)],
    results: [one('result', tensor)],
    constraints: [
      {
        label: 'C1',
        text: 'there is one scalar for each element, of the element type',
        check: ({ operandTypes, resultTypes: [result] }) => elementsProblem(operandTypes, result),
      },
    ],
    infer: absent('the result type says the shape'),
  }),
];

function elementsProblem(operandTypes: readonly Type[], result: Type | undefined): string | null {
  if (result?.kind !== 'tensor') return null;
  const shape = staticShape(result);
  if (!shape || elementCount(shape) !== operandTypes.length)
    return `result is ${result.key}, elements are ${operandTypes.length}`;
  const other = operandTypes.find((type) => type.key !== result.dtype);
  return other ? `result is ${result.key}, an element is ${other.key}` : null;
}

/** The rows by name. */
export const arithOps: Readonly<Record<string, OpDefinition>> = Object.fromEntries(rows.map((row) => [row.name, row]));
