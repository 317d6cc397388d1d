/** What Python's operators mean and how tightly they bind: the table behind operator-precedence parsing. */
import type { BooleanOperator, ComparisonOperator, Operator, UnaryOperator } from '../ast.ts';

/** One operator; `family` says which node it makes. */
export interface OperatorRow {
  readonly family: 'boolean' | 'comparison' | 'binary' | 'unary';
  readonly name: BooleanOperator | ComparisonOperator | Operator | UnaryOperator;
  readonly precedence: number;
  /**
   * When this operator arrives, waiting operators that bind at least this tightly are applied. Left-associative
   * operators close their equals; chains (`a < b < c`, `a and b and c`) and `**` leave their equals waiting.
   */
  readonly closes: number;
}

/** Precedences from Python's reference, 6.17 (loosest first). */
export const precedence = { or: 1, and: 2, not: 3, comparison: 4, bitOr: 5, sign: 11, power: 12 } as const;

function boolean(name: BooleanOperator, level: number): OperatorRow {
  return { family: 'boolean', name, precedence: level, closes: level + 1 };
}

function comparison(name: ComparisonOperator): OperatorRow {
  return { family: 'comparison', name, precedence: precedence.comparison, closes: precedence.comparison + 1 };
}

function binary(name: Operator, level: number): OperatorRow {
  return { family: 'binary', name, precedence: level, closes: level };
}

/** Prefix operators close nothing: they wait for their operand. */
function unary(name: UnaryOperator, level: number): OperatorRow {
  return { family: 'unary', name, precedence: level, closes: level };
}

export const binaryOperators = {
  or: boolean('Or', precedence.or),
  and: boolean('And', precedence.and),
  '==': comparison('Eq'),
  '!=': comparison('NotEq'),
  '<': comparison('Lt'),
  '<=': comparison('LtE'),
  '>': comparison('Gt'),
  '>=': comparison('GtE'),
  is: comparison('Is'),
  'is not': comparison('IsNot'),
  in: comparison('In'),
  'not in': comparison('NotIn'),
  '|': binary('BitOr', precedence.bitOr),
  '^': binary('BitXor', 6),
  '&': binary('BitAnd', 7),
  '<<': binary('LShift', 8),
  '>>': binary('RShift', 8),
  '+': binary('Add', 9),
  '-': binary('Sub', 9),
  '*': binary('Mult', 10),
  '/': binary('Div', 10),
  '//': binary('FloorDiv', 10),
  '%': binary('Mod', 10),
  '@': binary('MatMult', 10),
  '**': { family: 'binary', name: 'Pow', precedence: precedence.power, closes: precedence.power + 1 },
} as const satisfies Record<string, OperatorRow>;

export const unaryOperators = {
  not: unary('Not', precedence.not),
  '+': unary('UAdd', precedence.sign),
  '-': unary('USub', precedence.sign),
  '~': unary('Invert', precedence.sign),
} as const satisfies Record<string, OperatorRow>;

/** The bottom of an expression's stack of waiting operators: nothing closes it. */
export const bottom: OperatorRow = { family: 'unary', name: 'Not', precedence: 0, closes: 0 };
