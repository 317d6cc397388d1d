/** Meanings as readable pseudocode for the manual. */
import { bytesOf } from './expression.ts';
import type { BinaryOp, Expression, UnaryOp } from './expression.ts';
import type { Meaning, Statement } from './statement.ts';

const infix: Readonly<Record<BinaryOp, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  rem: 'rem',
  div_u: 'div',
  rem_u: 'mod',
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr_s: '>>',
  shr_u: '>>>',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  lt_u: '<u',
};

/** Binding strength: products, sums, shifts, comparisons, bit operations. */
const strength: Readonly<Record<BinaryOp, number>> = {
  mul: 5,
  div: 5,
  rem: 5,
  div_u: 5,
  rem_u: 5,
  add: 4,
  sub: 4,
  shl: 3,
  shr_s: 3,
  shr_u: 3,
  eq: 2,
  ne: 2,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  lt_u: 2,
  and: 1,
  or: 1,
  xor: 1,
};

/** Unary operations that only change the type leave no trace in the text. */
const silent: ReadonlySet<UnaryOp> = new Set(['wrap', 'extend_s', 'extend_u']);

function constantText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) > 0xffff
    ? `${value < 0 ? '-' : ''}0x${Math.abs(value).toString(16)}`
    : String(value);
}

/** Text of an expression; `outer` is the strength of what surrounds it. */
export function expressionText(e: Expression, outer = 0): string {
  switch (e.kind) {
    case 'constant':
      return constantText(e.value);
    case 'operand':
    case 'local':
      return e.name;
    case 'state':
      return e.at === undefined ? e.slot : `${e.slot}[${expressionText(e.at)}]`;
    case 'load':
      return `${e.space}.${e.element}[${expressionText(e.address)}]`;
    case 'unary':
      return silent.has(e.op) ? expressionText(e.value, outer) : `${e.op}(${expressionText(e.value)})`;
    case 'binary': {
      const own = strength[e.op];
      const text = `${expressionText(e.left, own)} ${infix[e.op]} ${expressionText(e.right, own + 1)}`;
      return own < outer ? `(${text})` : text;
    }
    case 'select': {
      const text = `${expressionText(e.condition, 1)} ? ${expressionText(e.then, 1)} : ${expressionText(e.else)}`;
      return outer > 0 ? `(${text})` : text;
    }
  }
}

function statementLines(statement: Statement, indent: string): readonly string[] {
  const deeper = `${indent}  `;
  const text = expressionText;
  const nest = (statements: readonly Statement[]): readonly string[] =>
    statements.flatMap((inner) => statementLines(inner, deeper));
  switch (statement.kind) {
    case 'for':
      return [`${indent}for ${statement.index} < ${text(statement.count)}:`, ...nest(statement.body)];
    case 'if':
      return [
        `${indent}if ${text(statement.condition)}:`,
        ...nest(statement.then),
        ...(statement.else.length === 0 ? [] : [`${indent}else:`, ...nest(statement.else)]),
      ];
    case 'let':
    case 'assign':
      return [`${indent}${statement.name} = ${text(statement.value)}`];
    case 'store':
      return [
        `${indent}${statement.space}.${statement.element}[${text(statement.address)}] ${statement.atomic ? 'atomic=' : '='} ${text(statement.value)}`,
      ];
    case 'move': {
      const size = text(statement.bytes);
      return [
        `${indent}${statement.to.space}[${text(statement.to.address)}, ${size} B] ${statement.atomic ? 'atomic=' : '='} ${statement.from.space}[${text(statement.from.address)}, ${size} B]`,
      ];
    }
    case 'set':
      return [`${indent}${statement.register} = ${text(statement.value)}`];
    case 'state':
      return [
        `${indent}${statement.slot}${statement.at === undefined ? '' : `[${text(statement.at)}]`} = ${text(statement.value)}`,
      ];
  }
}

const sizeLimit = 400;

/** Pseudocode lines of a meaning; a value too long for a line is left to the summary. */
export function meaningLines(meaning: Meaning): readonly string[] {
  switch (meaning.kind) {
    case 'lanes': {
      const value = boundedText(meaning.value);
      const inputs = meaning.inputs.map(({ name, element }) => `${name}: ${element}`).join(', ');
      return [`for each active lane of ${meaning.elements} per repeat (${inputs}): dst: ${meaning.output} = ${value}`];
    }
    case 'reduction':
      return [
        `for each group of ${meaning.group} of ${meaning.elements} ${meaning.element} lanes: tree of ${expressionText(meaning.combine)}, masked-off lanes ${meaning.identity}; leaves ${meaning.result}; result r * dst_rep * ${meaning.destinationUnitBytes} B + group * ${bytesOf(meaning.element) * (meaning.result === 'value' || meaning.result === 'index' ? 1 : 2)} B`,
      ];
    case 'body':
      return meaning.statements.flatMap((statement) => statementLines(statement, ''));
    case 'control':
      return [
        meaning.what === 'end'
          ? 'end'
          : meaning.condition === undefined
            ? 'goto target'
            : `if ${expressionText(meaning.condition)}: goto target`,
      ];
    case 'synchronization':
      return [];
  }
}

/** Text of a DAG whose expansion stays short, else a reference to the summary. */
function boundedText(root: Expression): string {
  let budget = sizeLimit;
  const count = (e: Expression): void => {
    if (--budget < 0) return;
    for (const part of Object.values(e)) if (typeof part === 'object' && part !== null) count(part as Expression); // parts of an expression are expressions
  };
  count(root);
  return budget < 0 ? 'as the summary says' : expressionText(root);
}
