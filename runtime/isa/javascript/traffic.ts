/**
 * How many bytes an instruction writes and in how many pieces, from its meaning: a loop whose body costs the same every
 * time is counted once and multiplied, so the answer takes microseconds where execution takes milliseconds.
 */
import type { InstructionDefinition } from '../definition.ts';
import { bytesOf } from '../meaning/expression.ts';
import type { Expression } from '../meaning/expression.ts';
import type { Statement } from '../meaning/statement.ts';
import { prologue } from './action.ts';
import type { ExecutionContext } from './context.ts';
import { ExpressionWriter, helpers, partsOf } from './expression.ts';

/** Bytes written, and the number of block moves among them. */
export interface Traffic {
  readonly bytes: number;
  readonly moves: number;
}

/** Counts the traffic of the instruction whose operands are in the context. */
export type TrafficCounter = (context: ExecutionContext) => Traffic;

function localsIn(expression: Expression, found: Set<string>): void {
  if (expression.kind === 'local') found.add(expression.name);
  partsOf(expression).forEach((part) => localsIn(part, found));
}

const hasTraffic = (statement: Statement): boolean =>
  statement.kind === 'store' ||
  statement.kind === 'move' ||
  (statement.kind === 'for' && statement.body.some(hasTraffic)) ||
  (statement.kind === 'if' && [...statement.then, ...statement.else].some(hasTraffic));

/** Locals that decide how often or how much is moved. */
function deciding(statements: readonly Statement[], found: Set<string>): void {
  for (const statement of statements) {
    if (!hasTraffic(statement) && statement.kind !== 'let' && statement.kind !== 'assign') continue;
    if (statement.kind === 'for') {
      localsIn(statement.count, found);
      deciding(statement.body, found);
    }
    if (statement.kind === 'if') {
      localsIn(statement.condition, found);
      deciding(statement.then, found);
      deciding(statement.else, found);
    }
    if (statement.kind === 'move') localsIn(statement.bytes, found);
    if ((statement.kind === 'let' || statement.kind === 'assign') && found.has(statement.name))
      localsIn(statement.value, found);
  }
}

function blockText(statements: readonly Statement[], write: ExpressionWriter, needed: ReadonlySet<string>): string {
  return statements.map((statement) => statementText(statement, write, needed)).join('');
}

function statementText(statement: Statement, write: ExpressionWriter, needed: ReadonlySet<string>): string {
  if (statement.kind === 'let')
    return needed.has(statement.name) ? `let v_${statement.name}=${write.text(statement.value)};` : '';
  if (statement.kind === 'assign')
    return needed.has(statement.name) ? `v_${statement.name}=${write.text(statement.value)};` : '';
  if (!hasTraffic(statement)) return '';
  if (statement.kind === 'store') return `bytes+=${bytesOf(statement.element)};`;
  if (statement.kind === 'move') return `bytes+=${write.text(statement.bytes)};moves++;`;
  if (statement.kind === 'if')
    return `if(${write.text(statement.condition)}){${blockText(statement.then, write, needed)}}else{${blockText(statement.else, write, needed)}}`;
  if (statement.kind !== 'for') return '';
  const name = `v_${statement.index}`;
  const inner = blockText(statement.body, write, needed);
  const count = write.text(statement.count);
  if (new RegExp(`\\b${name}\\b`).test(inner) || /\bv_\w+=(?!=)/.test(inner.replace(/let v_\w+=/g, '')))
    return `for(let ${name}=0,n_=${count};${name}<n_;${name}++){${inner}}`;
  return `{const n_=${count},b_=bytes,m_=moves;if(n_>0){${inner}bytes=b_+(bytes-b_)*n_;moves=m_+(moves-m_)*n_;}}`;
}

/** Compiles the counter of a loop nest; the other forms of meaning move nothing that is counted here. */
export function compileTraffic(definition: InstructionDefinition): TrafficCounter {
  const { meaning } = definition;
  const statements = meaning.kind === 'body' ? meaning.statements : [];
  const needed = new Set<string>();
  for (let before = -1; before !== needed.size;) {
    before = needed.size;
    deciding(statements, needed);
  }
  const text = `"use strict";return (c)=>{${prologue(definition)}let bytes=0,moves=0;${blockText(statements, new ExpressionWriter(definition), needed)}return {bytes,moves};}`;
  return new Function('h', text)(helpers) as TrafficCounter; // the text is our own, written from the table
}
