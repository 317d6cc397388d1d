/** Operand words as assembly text and back. */
import type { OperandDefinition } from './definition.ts';
import { pipes } from './definition.ts';
import { REGISTER_COUNT, bitsOfF32 } from './stream.ts';

const floatBits = new Uint32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

/** The shortest decimal that gives these f32 bits; `bits(…)` for a nan with another payload. */
function floatText(bits: number): string {
  floatBits[0] = bits;
  const value = floatValue[0] ?? 0;
  if (bitsOfF32(Number(value.toPrecision(9))) !== bits)
    return Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? String(value) : specialText(value, bits);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (bitsOfF32(short) === bits) return decimal(short);
  }
  return decimal(Number(value.toPrecision(9)));
}

const decimal = (value: number): string =>
  Object.is(value, -0)
    ? '-0.0'
    : Number.isFinite(value)
      ? Number.isInteger(value) && Math.abs(value) < 1e15
        ? value.toFixed(1)
        : String(value)
      : specialText(value, bitsOfF32(value));

function specialText(value: number, bits: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return `bits(0x${bits.toString(16)})`;
}

/** Text of an operand word. `label` names the instruction at a word index. */
export function operandText(
  operand: OperandDefinition,
  isRegister: boolean,
  word: number,
  label: (target: number) => string,
): string {
  if (isRegister) return `X${word}`;
  if (operand.kind === 'float') return floatText(word);
  if (operand.kind === 'label') return label(word);
  if (operand.kind === 'pipe') return pipes[word] === undefined ? String(word) : `PIPE_${pipes[word]}`;
  if (operand.kind === 'source' || (operand.kind === 'integer' && operand.signed)) return String(word | 0);
  return operand.kind === 'address' && word >= 10 ? `0x${word.toString(16)}` : String(word);
}

/** What an operand text means: a word, a label to resolve, or a problem. */
export type ParsedOperand =
  | { readonly kind: 'register' | 'immediate'; readonly word: number }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'problem'; readonly message: string };

const problem = (message: string): ParsedOperand => ({ kind: 'problem', message });
const registerPattern = /^X(\d+)$/;
const integerPattern = /^-?(0x[0-9a-fA-F]+|\d+)$/;
const eventPattern = /^EVENT_ID([0-7])$/;

function parseInteger(text: string): number | null {
  if (!integerPattern.test(text)) return null;
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
}

function parseFloatOperand(text: string): ParsedOperand {
  const raw = /^bits\((0x[0-9a-fA-F]{1,8})\)$/.exec(text);
  if (raw !== null) return { kind: 'immediate', word: Number(raw[1]) };
  if (text === 'inf' || text === '-inf')
    return { kind: 'immediate', word: bitsOfF32(text === 'inf' ? Infinity : -Infinity) };
  if (text === 'nan') return { kind: 'immediate', word: 0x7fc00000 };
  if (!/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return problem(`'${text}' is no float`);
  return { kind: 'immediate', word: bitsOfF32(Number(text)) };
}

/** Parses the text of one operand. */
export function parseOperand(operand: OperandDefinition, text: string): ParsedOperand {
  const register = registerPattern.exec(text);
  if (register !== null) {
    const number = Number(register[1]);
    if (operand.kind === 'label' || operand.kind === 'pipe') return problem(`${operand.name} must not be a register`);
    return number < REGISTER_COUNT
      ? { kind: 'register', word: number }
      : problem(`register ${text} does not exist: X0 to X${REGISTER_COUNT - 1}`);
  }
  if (operand.kind === 'destination') return problem(`${operand.name} must be a register, got '${text}'`);
  if (operand.kind === 'float') return parseFloatOperand(text);
  if (operand.kind === 'label' && !text.startsWith('@'))
    return /^[A-Za-z_.$][\w.$]*$/.test(text) ? { kind: 'label', name: text } : problem(`'${text}' is no label`);
  if (operand.kind === 'pipe' && text.startsWith('PIPE_')) {
    const number = (pipes as readonly string[]).indexOf(text.slice(5));
    return number < 0 ? problem(`'${text}' is no pipe`) : { kind: 'immediate', word: number };
  }
  const event = eventPattern.exec(text);
  if (event !== null && operand.kind === 'integer' && operand.unit === 'flag')
    return { kind: 'immediate', word: Number(event[1]) };
  return parseIntegerOperand(operand, text);
}

function parseIntegerOperand(operand: OperandDefinition, text: string): ParsedOperand {
  const value = parseInteger(operand.kind === 'label' ? text.slice(1) : text);
  if (value === null) return problem(`'${text}' is no value for ${operand.name}`);
  const signed = operand.kind === 'source' || (operand.kind === 'integer' && operand.signed);
  const least = signed ? -(2 ** 31) : 0;
  const most = operand.kind === 'integer' ? operand.maximum : signed ? 2 ** 31 - 1 : 2 ** 32 - 1;
  if (value < least || value > most) return problem(`${operand.name} = ${text} is outside ${least} … ${most}`);
  return { kind: 'immediate', word: value >>> 0 };
}
