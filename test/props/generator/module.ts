/**
 * Random modules, driven by the op table: every pure row without regions takes part as soon as it exists. Operands are
 * chosen among the values so far that fit a slot, attributes by name and kind; what does not infer is dropped.
 */
import type { OpDefinition, RuleTable, Type, Value } from '../../../compiler/ir/index.ts';
import {
  Block,
  Builder,
  functionType,
  integerAttribute,
  isAbsent,
  Module,
  Operation,
  scalarType,
  stringAttribute,
  tensorType,
  typeAttribute,
} from '../../../compiler/ir/index.ts';
import { someAttributes } from './attributes.ts';
import type { Genes } from './genes.ts';

export interface GeneratorOptions {
  readonly definitions: RuleTable;
  /** Operations that may appear. */
  readonly accepts: (definition: OpDefinition) => boolean;
  /** Types of the arguments; by default some of a list with scalars. */
  readonly arguments?: readonly Type[];
  /** How deep regions nest; 2 by default. */
  readonly regionDepth?: number;
}

/** Types of function arguments; their shapes broadcast and multiply with each other. */
const ARGUMENT_TYPES: readonly Type[] = [
  tensorType([2, 3], 'f32'),
  tensorType([3], 'f32'),
  tensorType([2, 3], 'i32'),
  scalarType('i32'),
  scalarType('i32'),
  tensorType([3, 2], 'f32'),
  tensorType([2, 3, 4], 'f32'),
  tensorType([2, 3], 'i1'),
  tensorType([1, 3], 'i32'),
  tensorType([1, 2, 4, 4], 'f32'),
  tensorType([], 'f32'),
  scalarType('f32'),
  tensorType([2, 3], 'f16'),
  tensorType([2, 2, 1, 2], 'f32'),
  tensorType([2], 'f32'),
];

const REGION_DEPTH = 2;

/** A module with one function `@main`, verified by construction. */
export function generateModule(genes: Genes, options: GeneratorOptions): Module {
  const types = options.arguments ?? [
    scalarType('i1'),
    ...ARGUMENT_TYPES.filter((_, index) => index < 5 || genes.next(2) === 0),
  ];
  const body = new Block(types);
  const builder = new Builder(body, options.definitions);
  const rows = [...options.definitions.values()].filter((row) => isGenerated(row) && options.accepts(row));
  const constants = rows.filter((row) => row.traits.includes('constant'));
  for (let index = 0; index < 8; index++) rows.push(...constants);
  const pool = [...body.arguments];
  addOperations(builder, pool, rows, genes, options.regionDepth ?? REGION_DEPTH);
  const results = lastResults(pool, genes);
  builder.create('func.return', results, []);
  const signature = functionType(
    types,
    results.map((result) => result.type),
  );
  const attributes = new Map([
    ['sym_name', stringAttribute('main')],
    ['function_type', typeAttribute(signature)],
  ]);
  const top = new Block();
  top.operations.push(new Operation('func.func', [], [], attributes, [body], null));
  return new Module(top);
}

function isGenerated(row: OpDefinition): boolean {
  return row.traits.includes('pure') && row.regions.length === 0 && row.name !== 'ms.constant';
}

function addOperations(
  builder: Builder,
  pool: Value[],
  rows: readonly OpDefinition[],
  genes: Genes,
  depth: number,
): void {
  const count = genes.next(16);
  for (let index = 0; index < count && !genes.exhausted; index++) {
    if (depth > 0 && genes.next(10) === 9) addIf(builder, pool, rows, genes, depth);
    else for (let attempt = 0; attempt < 4 && !addOperation(builder, pool, genes.pick(rows), genes); attempt++);
  }
}

/** Appends one operation of a row; false when the choices do not fit together. */
function addOperation(builder: Builder, pool: Value[], row: OpDefinition, genes: Genes): boolean {
  if (row.name === 'arith.constant') return addConstant(builder, pool, genes);
  const operands: Value[] = [];
  for (const slot of row.operands) {
    const fitting = pool.filter((value) => slot.accepts.test(value.type) && agrees(value, operands));
    if (slot.arity === 'optional' && genes.next(2) === 0) break;
    if (fitting.length === 0) return false;
    operands.push(fitting[fitting.length - 1 - genes.next(fitting.length)]);
  }
  const operandTypes = operands.map((operand) => operand.type);
  const attributes = someAttributes(genes, row.attributes, operandTypes);
  if (!attributes) return false;
  const types = resultTypes(row, operandTypes, attributes, genes);
  if (types) pool.push(...builder.create(row.name, operands, types, attributes).results);
  return types !== null;
}

/** Operands of one op mostly share their dtype. */
function agrees(value: Value, others: readonly Value[]): boolean {
  const dtype = (type: Type) => (type.kind === 'tensor' || type.kind === 'scalar' ? type.dtype : type.key);
  return (
    others.length === 0 ||
    value.type.kind !== others[0].type.kind ||
    dtype(value.type) === dtype(others[0].type) ||
    dtype(others[0].type) === 'i1'
  );
}

/** Inferred types, or stated ones that satisfy the constraints; null when the choice does not fit. */
function resultTypes(
  row: OpDefinition,
  operandTypes: readonly Type[],
  attributes: ReturnType<typeof someAttributes> & object,
  genes: Genes,
): readonly Type[] | null {
  if (!isAbsent(row.infer)) {
    const inferred = row.infer(operandTypes, attributes);
    return inferred.ok ? inferred.value : null;
  }
  const count = row.results.filter((slot) => slot.arity === 'one').length;
  const candidates = [
    ...operandTypes,
    ...ARGUMENT_TYPES,
    tensorType([6], 'f32'),
    tensorType([6], 'i32'),
    scalarType('i64'),
  ];
  const start = genes.next(candidates.length);
  for (let index = 0; index < candidates.length; index++) {
    const type = candidates[(start + index) % candidates.length];
    const types = Array.from({ length: count }, () => type);
    const view = { operandTypes, attributes, resultTypes: types };
    if (!row.results.every((slot) => slot.accepts.test(type))) continue;
    if (row.constraints.every((constraint) => constraint.check(view) === null)) return types;
  }
  return null;
}

function addConstant(builder: Builder, pool: Value[], genes: Genes): boolean {
  const value = integerAttribute(genes.pick([0, 1, 2, -1, 3]), 'i32');
  pool.push(...builder.create('arith.constant', [], [scalarType('i32')], new Map([['value', value]])).results);
  return true;
}

/** `scf.if` on a scalar condition, both regions yielding the types of some earlier values. */
function addIf(builder: Builder, pool: Value[], rows: readonly OpDefinition[], genes: Genes, depth: number): void {
  const conditions = pool.filter((value) => value.type.key === 'i1');
  const yielded = pool.slice(-1 - genes.next(2)).map((value) => value.type);
  const region = (): Block => {
    const block = new Block();
    const inner = new Builder(block, builder.definitions);
    const visible = [...pool];
    addOperations(inner, visible, rows, genes, depth - 1);
    const values = yielded
      .map((type) => visible.filter((value) => value.type.key === type.key))
      .map((list) => list[list.length - 1 - genes.next(list.length)]);
    inner.create('scf.yield', values, []);
    return block;
  };
  const op = builder.create('scf.if', [genes.pick(conditions)], yielded, undefined, [region(), region()]);
  pool.push(...op.results);
}

/** Values that nothing uses are returned, most of them: what is left over is dead code. */
function lastResults(pool: readonly Value[], genes: Genes): readonly Value[] {
  const unused = pool.filter((value) => value.uses === 0 && value.owner instanceof Operation && genes.next(8) !== 7);
  return unused.length > 0 ? unused : pool.slice(-1);
}
