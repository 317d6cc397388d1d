/** Meanings as JavaScript functions: what an instruction does. */
import type { InstructionDefinition } from '../definition.ts';
import { bytesOf, stateOffset } from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import type { Lanes, Reduction, Statement } from '../meaning/statement.ts';
import type { Action } from './context.ts';
import { ExpressionWriter, helpers, loadMember, operandPrologue, sharedNodes, storeMember } from './expression.ts';

const SPACES = ['gm', 'l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb', 'ub'];
const memoryPrologue = SPACES.map((space) => `const ${space}=c.memories.${space};`).join('');

/** Text common to actions and footprints: operands, special registers, memories. */
export const prologue = (definition: InstructionDefinition): string =>
  `const s=c.state;${memoryPrologue}${operandPrologue(definition)}`;

function statementText(statement: Statement, write: ExpressionWriter, definition: InstructionDefinition): string {
  const text = (expression: Expression): string => write.text(expression);
  const nest = (statements: readonly Statement[]): string =>
    statements.map((inner) => statementText(inner, write, definition)).join('');
  switch (statement.kind) {
    case 'for': {
      const name = `v_${statement.index}`;
      return `for(let ${name}=0,${name}_n=${text(statement.count)};${name}<${name}_n;${name}++){${nest(statement.body)}}`;
    }
    case 'if':
      return `if(${text(statement.condition)}){${nest(statement.then)}}else{${nest(statement.else)}}`;
    case 'let':
      return `let v_${statement.name}=${text(statement.value)};`;
    case 'assign':
      return `v_${statement.name}=${text(statement.value)};`;
    case 'store':
      return statement.atomic
        ? `c.atomicStore('${statement.space}','${statement.element}',${text(statement.address)},${text(statement.value)});`
        : `${statement.space}.${storeMember(statement.element)}(${text(statement.address)},${text(statement.value)});`;
    case 'move': {
      const { to, from } = statement;
      return statement.atomic
        ? `c.atomicMove('${to.space}',${text(to.address)},'${from.space}',${text(from.address)},${text(statement.bytes)});`
        : `${to.space}.move(${text(to.address)},${from.space},${text(from.address)},${text(statement.bytes)});`;
    }
    case 'set': {
      const position = definition.operands.findIndex((operand) => operand.name === statement.register);
      return `c.registers[o${position}]=${text(statement.value)};`;
    }
    case 'state': {
      const at = statement.at === undefined ? '' : `+${text(statement.at)}`;
      return `s[${stateOffset[statement.slot]}${at}]=${text(statement.value)};`;
    }
  }
}

/** Byte address of element e of repeat r of a strided vector operand. */
export function laneAddress(
  definition: InstructionDefinition,
  name: string,
  element: ElementType,
  elements: number,
): string {
  const size = bytesOf(element);
  const perBlock = 32 / size;
  const operand = (wanted: string): string | undefined => {
    const position = definition.operands.findIndex((candidate) => candidate.name === wanted);
    return position < 0 ? undefined : `o${position}`;
  };
  const block = operand(`${name}_blk`) ?? '1';
  const repeat = operand(`${name}_rep`) ?? `${(elements * size) / 32}`;
  return `${operand(name)}+v_repeat_index*${repeat}*32+Math.floor(v_lane/${perBlock})*${block}*32+(v_lane%${perBlock})*${size}`;
}

/** Byte address of the byte that holds bit e of repeat r of a bit vector. */
export function bitAddress(definition: InstructionDefinition, name: string, elements: number): string {
  const position = definition.operands.findIndex((candidate) => candidate.name === name);
  return `o${position}+v_repeat_index*${elements / 8}+(v_lane>>3)`;
}

const maskMode = stateOffset.mask_mode;
const mask = stateOffset.mask;

/** Repeat loop and lane activity; `v_repeat_index`, `v_lane`, `active` and `limit` are visible inside. */
export function repeatHeader(definition: InstructionDefinition, elements: number): string {
  const repeat = definition.operands.findIndex((operand) => operand.name === 'repeat');
  return (
    `const counting=s[${maskMode}]!==0,count=s[${mask}]>>>0;const repeats=counting?Math.ceil(count/${elements}):o${repeat};` +
    `const active=(r,e)=>counting?r*${elements}+e<count:(s[${mask}+(e>>5)]>>>(e&31))&1;`
  );
}

function lanesText(definition: InstructionDefinition, meaning: Lanes): string {
  const { elements, inputs, output } = meaning;
  const write = new ExpressionWriter(definition);
  const loads = inputs.map(({ name, element }) =>
    element === 'bit'
      ? `const v_${name}=(ub.loadU8(${bitAddress(definition, name, elements)})>>(v_lane&7))&1;`
      : `const v_${name}=ub.${loadMember(element)}(${laneAddress(definition, name, element, elements)});`,
  );
  const shared = sharedNodes(meaning.value).map((node, position) => {
    const line = `const t${position}=${write.text(node)};`;
    write.name(node, `t${position}`);
    return line;
  });
  const value = [...loads, ...shared].join('');
  const head = `const v_position=v_repeat_index*${elements}+v_lane;`;
  if (output === 'bit' || output === 'cmpmask') {
    const put =
      output === 'bit'
        ? `const at=${bitAddress(definition, 'dst', elements)};ub.storeS8(at,(ub.loadU8(at)&~(1<<(v_lane&7)))|(bit<<(v_lane&7)));`
        : `const at=${stateOffset.cmpmask}+(v_lane>>5);s[at]=(s[at]&~(1<<(v_lane&31)))|(bit<<(v_lane&31));`;
    return `${repeatHeader(definition, elements)}for(let v_repeat_index=0;v_repeat_index<repeats;v_repeat_index++)for(let v_lane=0;v_lane<${elements};v_lane++){${head}let bit=0;if(active(v_repeat_index,v_lane)){${value}bit=${write.text(meaning.value)};}${put}}`;
  }
  const store = `ub.${storeMember(output)}(${laneAddress(definition, 'dst', output, elements)},${write.text(meaning.value)});`;
  return `${repeatHeader(definition, elements)}for(let v_repeat_index=0;v_repeat_index<repeats;v_repeat_index++)for(let v_lane=0;v_lane<${elements};v_lane++){if(!active(v_repeat_index,v_lane))continue;${head}${value}${store}}`;
}

const resultWords: Readonly<Record<Reduction['result'], readonly ('value' | 'index')[]>> = {
  value: ['value'],
  index: ['index'],
  value_index: ['value', 'index'],
  index_value: ['index', 'value'],
};

function reductionText(definition: InstructionDefinition, meaning: Reduction): string {
  const { elements, element, group, identity, result, destinationUnitBytes } = meaning;
  const size = bytesOf(element);
  const write = new ExpressionWriter(definition);
  const dst = definition.operands.findIndex((operand) => operand.name === 'dst');
  const stride = definition.operands.findIndex((operand) => operand.name === 'dst_rep');
  const words = resultWords[result];
  const puts = words.map((word, position) => {
    const at = `at+${position * size}`;
    return word === 'value'
      ? `ub.${storeMember(element)}(${at},best);`
      : `ub.${size === 4 ? 'storeS32' : 'storeS16'}(${at},first);`;
  });
  const tree = `for(let half=${group / 2};half>=1;half/=2)for(let i=0;i<half;i++){const v_a=x[i],v_b=x[i+half];x[i]=${write.text(meaning.combine)};}`;
  // The tree's rounding to f16 happens once, at the store; index search compares with the exact tree result.
  const find = words.includes('index')
    ? `let first=0;for(let i=0;i<${group};i++)if(on[i]&&y[i]===best){first=i;break;}`
    : '';
  return (
    `${repeatHeader(definition, elements)}const x=new Float32Array(${group}),y=new Float32Array(${group}),on=new Uint8Array(${group});` +
    `for(let v_repeat_index=0;v_repeat_index<repeats;v_repeat_index++)for(let g=0;g<${elements / group};g++){let any=0;` +
    `for(let i=0;i<${group};i++){const v_lane=g*${group}+i;on[i]=active(v_repeat_index,v_lane)?1:0;any|=on[i];y[i]=x[i]=on[i]?ub.${loadMember(element)}(${laneAddress(definition, 'src', element, elements)}):${identity};}` +
    `if(!any)continue;${tree}const best=x[0];${find}const at=o${dst}+v_repeat_index*o${stride}*${destinationUnitBytes}+g*${words.length * size};${puts.join('')}}`
  );
}

function meaningText(definition: InstructionDefinition): string {
  const { meaning } = definition;
  if (meaning.kind === 'lanes') return lanesText(definition, meaning);
  if (meaning.kind === 'reduction') return reductionText(definition, meaning);
  if (meaning.kind === 'body') {
    const write = new ExpressionWriter(definition);
    return meaning.statements.map((statement) => statementText(statement, write, definition)).join('');
  }
  throw new Error(`${definition.mnemonic} has no data meaning`);
}

/** Compiles the meaning of an instruction that moves data or writes registers. */
export function compileAction(definition: InstructionDefinition): Action {
  const text = `"use strict";return (c)=>{${prologue(definition)}${meaningText(definition)}}`;
  return new Function('h', text)(helpers) as Action; // the text is our own, written from the table
}

/** Compiles the condition of a branch; an unconditional jump gives 1. */
export function compileCondition(definition: InstructionDefinition): (context: Parameters<Action>[0]) => number {
  const { meaning } = definition;
  const condition =
    meaning.kind === 'control' && meaning.condition !== undefined
      ? new ExpressionWriter(definition).text(meaning.condition)
      : '1';
  const text = `"use strict";return (c)=>{${prologue(definition)}return ${condition};}`;
  return new Function('h', text)(helpers) as (context: Parameters<Action>[0]) => number; // as above
}
