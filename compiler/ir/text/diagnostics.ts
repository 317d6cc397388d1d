/** Messages of the IR text parser (MSC040x and MSC041x). */
import type { DiagnosticDefinition } from '../support/index.ts';

type Row<Parameters extends readonly unknown[]> = DiagnosticDefinition<Parameters>;

function row<const Parameters extends readonly string[]>(
  code: string,
  title: string,
  message: (...parameters: Parameters) => string,
  explanation: string,
  wrong: string,
  right: string,
  help: ((...parameters: Parameters) => string) | null = null,
): Row<Parameters> {
  return { code, severity: 'error', exitClass: 'user-error', title, message, help, explanation, wrong, right };
}

export const irTextDiagnostics = {
  expected: row(
    'MSC0401',
    'unexpected token in IR text',
    (expected: string, found: string) => `expected ${expected}, found ${found}`,
    'The text does not follow the grammar of MLIR at this place.',
    '"ms.relu"(%0 : (f32) -> f32',
    '"ms.relu"(%0) : (f32) -> f32',
  ),
  badCharacter: row(
    'MSC0402',
    'unknown character or unfinished string',
    (text: string) => `no token begins with ${text}`,
    'IR text is ASCII outside strings; a string ends on its own line.',
    '%0 = "ms.relu',
    '%0 = "ms.relu"() : () -> f32',
  ),
  undefinedValue: row(
    'MSC0403',
    'use of an undefined value',
    (name: string) => `value '${name}' is not defined here`,
    'An operation may only use values defined before it, in its own block or in a block around it. A function sees no values from outside.',
    '%1 = arith.addi %0, %0 : i32',
    '%0 = arith.constant 1 : i32\n%1 = arith.addi %0, %0 : i32',
  ),
  redefinedValue: row(
    'MSC0404',
    'value defined twice',
    (name: string) => `value '${name}' is already defined`,
    'Each value has exactly one definition.',
    '%0 = arith.constant 1 : i32\n%0 = arith.constant 2 : i32',
    '%0 = arith.constant 1 : i32\n%1 = arith.constant 2 : i32',
  ),
  operandType: row(
    'MSC0405',
    'operand has another type than stated',
    (name: string, actual: string, stated: string) => `value '${name}' has type ${actual}, but ${stated} is stated here`,
    'The types after the colon repeat the types of the operands.',
    '%0 = arith.constant 1 : i32\n%1 = arith.addi %0, %0 : i64',
    '%0 = arith.constant 1 : i32\n%1 = arith.addi %0, %0 : i32',
  ),
  countMismatch: row(
    'MSC0406',
    'numbers differ',
    (what: string, found: string, stated: string) => `${found} ${what}, but ${stated} stated`,
    'The number of operands, results or elements must equal the number of their types or the size of their shape.',
    '%0:2 = "ms.relu"(%a) : (f32) -> f32',
    '%0 = "ms.relu"(%a) : (f32) -> f32',
  ),
  unknownOperation: row(
    'MSC0407',
    'operation without a definition in pretty form',
    (name: string) => `unknown operation '${name}'`,
    'Only operations that msc knows have a pretty form; every other operation is written in quotes, in the generic form.',
    '%0 = foo.bar %a : f32',
    '%0 = "foo.bar"(%a) : (f32) -> f32',
    (name: string) => `write it in the generic form: "${name}"(...) : (...) -> ...`,
  ),
  unsupported: row(
    'MSC0408',
    'MLIR construct that msc does not carry',
    (what: string) => `${what} is not supported`,
    'msc has structured control flow only: one block in each region, no successors, no resources.',
    '"cf.br"()[^bb1] : () -> ()',
    'scf.if %c { ... }',
  ),
  tooDeep: row(
    'MSC0409',
    'nesting too deep',
    (limit: string) => `nested deeper than ${limit} levels`,
    'Regions, types and attributes nest at most this deep, so that no text can exhaust the stack.',
    '[[[[[[ … ]]]]]]',
    '[[1], [2]]',
  ),
  undefinedAlias: row(
    'MSC0410',
    'undefined alias',
    (name: string) => `alias '${name}' is not defined`,
    'An alias such as #map is defined on a line of its own: #map = ….',
    '"a.b"() {m = #map} : () -> ()',
    '#map = affine_map<(d0) -> (d0)>\n"a.b"() {m = #map} : () -> ()',
  ),
  badNumber: row(
    'MSC0411',
    'number does not fit its type',
    (text: string, type: string) => `${text} does not fit ${type}`,
    'A constant must be representable in its type.',
    'arith.constant 300 : i8',
    'arith.constant 44 : i8',
  ),
  badType: row(
    'MSC0412',
    'malformed type',
    (text: string, why: string) => `malformed type '${text}': ${why}`,
    'Types are spelled as in MLIR; facts about a tensor go into one #ms.enc<...> encoding.',
    'tensor<2xf32, #ms.enc<dims = [2, 3]>>',
    'tensor<2xf32, #ms.enc<layout = "NZ">>',
  ),
  duplicateKey: row(
    'MSC0413',
    'attribute given twice',
    (name: string) => `attribute '${name}' is given twice`,
    'A dictionary has each name once.',
    '{a = 1, a = 2}',
    '{a = 1, b = 2}',
  ),
} as const;
