/** Meanings as JavaScript functions: which bytes an instruction reads and writes, in the order of its accesses. */
import type { InstructionDefinition } from '../definition.ts';
import { bytesOf } from '../meaning/expression.ts';
import type { Expression } from '../meaning/expression.ts';
import type { Lanes, Reduction, Statement } from '../meaning/statement.ts';
import { bitAddress, laneAddress, prologue, repeatHeader } from './action.ts';
import type { Footprint } from './context.ts';
import { ExpressionWriter, helpers, partsOf } from './expression.ts';

function loadsIn(expression: Expression, found: Expression[]): void {
  partsOf(expression).forEach((part) => loadsIn(part, found));
  if (expression.kind === 'load') found.push(expression);
}

/** Calls that report every load inside the expressions. */
function readsOf(write: ExpressionWriter, ...expressions: readonly Expression[]): string {
  const found: Expression[] = [];
  expressions.forEach((expression) => loadsIn(expression, found));
  return found
    .map((node) =>
      node.kind === 'load' ? touch('read', node.space, write.text(node.address), bytesOf(node.element)) : '',
    )
    .join('');
}

const touch = (what: 'read' | 'write', space: string, address: string, bytes: number | string): string =>
  `{const at=${address};sink.${what}('${space}',at,at+${bytes});}`;

/** Locals that decide an address, a count or a condition; the others need no value here. */
function neededLocals(statements: readonly Statement[], needed: Set<string>): void {
  const use = (expression: Expression): void => {
    if (expression.kind === 'local') needed.add(expression.name);
    partsOf(expression).forEach(use);
  };
  const useLoads = (expression: Expression): void => {
    const found: Expression[] = [];
    loadsIn(expression, found);
    found.forEach(use);
  };
  for (const statement of statements) {
    if (statement.kind === 'for') {
      use(statement.count);
      neededLocals(statement.body, needed);
    }
    if (statement.kind === 'if') {
      use(statement.condition);
      neededLocals(statement.then, needed);
      neededLocals(statement.else, needed);
    }
    if (statement.kind === 'let' || statement.kind === 'assign') {
      useLoads(statement.value);
      if (needed.has(statement.name)) use(statement.value);
    }
    if (statement.kind === 'store') {
      use(statement.address);
      useLoads(statement.value);
    }
    if (statement.kind === 'move') {
      use(statement.to.address);
      use(statement.from.address);
      use(statement.bytes);
    }
    if (statement.kind === 'state' || statement.kind === 'set') useLoads(statement.value);
  }
}

function closure(statements: readonly Statement[]): Set<string> {
  const needed = new Set<string>();
  for (let before = -1; before !== needed.size;) {
    before = needed.size;
    neededLocals(statements, needed);
  }
  return needed;
}

function statementText(statement: Statement, write: ExpressionWriter, needed: ReadonlySet<string>): string {
  const text = (expression: Expression): string => write.text(expression);
  const nest = (statements: readonly Statement[]): string =>
    statements.map((inner) => statementText(inner, write, needed)).join('');
  switch (statement.kind) {
    case 'for': {
      const name = `v_${statement.index}`;
      return `${readsOf(write, statement.count)}for(let ${name}=0,${name}_n=${text(statement.count)};${name}<${name}_n;${name}++){${nest(statement.body)}}`;
    }
    case 'if':
      return `${readsOf(write, statement.condition)}if(${text(statement.condition)}){${nest(statement.then)}}else{${nest(statement.else)}}`;
    case 'let':
      return (
        readsOf(write, statement.value) +
        (needed.has(statement.name) ? `let v_${statement.name}=${text(statement.value)};` : '')
      );
    case 'assign':
      return (
        readsOf(write, statement.value) +
        (needed.has(statement.name) ? `v_${statement.name}=${text(statement.value)};` : '')
      );
    case 'store':
      return (
        readsOf(write, statement.value) +
        touch('write', statement.space, text(statement.address), bytesOf(statement.element))
      );
    case 'move': {
      const bytes = text(statement.bytes);
      return (
        readsOf(write, statement.to.address, statement.from.address) +
        touch('read', statement.from.space, text(statement.from.address), bytes) +
        touch('write', statement.to.space, text(statement.to.address), bytes)
      );
    }
    case 'set':
    case 'state':
      return readsOf(write, statement.value);
  }
}

function lanesText(definition: InstructionDefinition, meaning: Lanes): string {
  const { elements, inputs, output } = meaning;
  const write = new ExpressionWriter(definition);
  const reads = inputs.map(({ name, element }) =>
    element === 'bit'
      ? touch('read', 'ub', bitAddress(definition, name, elements), 1)
      : touch('read', 'ub', laneAddress(definition, name, element, elements), bytesOf(element)),
  );
  const values = inputs.map(({ name, element }) =>
    element === 'u32' ? `const v_${name}=ub.loadU32(${laneAddress(definition, name, element, elements)});` : '',
  );
  const gathered = readsOf(write, meaning.value);
  const writes =
    output === 'bit'
      ? touch('write', 'ub', bitAddress(definition, 'dst', elements), 1)
      : output === 'cmpmask'
        ? ''
        : touch('write', 'ub', laneAddress(definition, 'dst', output, elements), bytesOf(output));
  const skip =
    output === 'bit'
      ? `if(!active(v_repeat_index,v_lane)){${writes}continue;}`
      : 'if(!active(v_repeat_index,v_lane))continue;';
  return `${repeatHeader(definition, elements)}for(let v_repeat_index=0;v_repeat_index<repeats;v_repeat_index++)for(let v_lane=0;v_lane<${elements};v_lane++){${skip}${reads.join('')}${gathered === '' ? '' : values.join('') + gathered}${writes}}`;
}

function reductionText(definition: InstructionDefinition, meaning: Reduction): string {
  const { elements, element, group, result, destinationUnitBytes } = meaning;
  const size = bytesOf(element);
  const bytes = (result === 'value' || result === 'index' ? 1 : 2) * size;
  const dst = definition.operands.findIndex((operand) => operand.name === 'dst');
  const stride = definition.operands.findIndex((operand) => operand.name === 'dst_rep');
  return (
    `${repeatHeader(definition, elements)}for(let v_repeat_index=0;v_repeat_index<repeats;v_repeat_index++)for(let g=0;g<${elements / group};g++){let any=0;` +
    `for(let i=0;i<${group};i++){const v_lane=g*${group}+i;if(!active(v_repeat_index,v_lane))continue;any=1;${touch('read', 'ub', laneAddress(definition, 'src', element, elements), size)}}` +
    `if(any)${touch('write', 'ub', `o${dst}+v_repeat_index*o${stride}*${destinationUnitBytes}+g*${bytes}`, bytes)}}`
  );
}

function meaningText(definition: InstructionDefinition): string {
  const { meaning } = definition;
  if (meaning.kind === 'lanes') return lanesText(definition, meaning);
  if (meaning.kind === 'reduction') return reductionText(definition, meaning);
  if (meaning.kind !== 'body') return '';
  const write = new ExpressionWriter(definition);
  const needed = closure(meaning.statements);
  return meaning.statements.map((statement) => statementText(statement, write, needed)).join('');
}

/** True if data in memory decides which bytes the instruction touches: gather, sort, compress. */
export function footprintReadsData(definition: InstructionDefinition): boolean {
  return /\.load[A-Z]/.test(meaningText(definition));
}

/** Compiles the footprint of an instruction. It reads memory only where data decides addresses (gather, sort, compress). */
export function compileFootprint(definition: InstructionDefinition): Footprint {
  const text = `"use strict";return (c,sink)=>{${prologue(definition)}${meaningText(definition)}}`;
  return new Function('h', text)(helpers) as Footprint; // the text is our own, written from the table
}
