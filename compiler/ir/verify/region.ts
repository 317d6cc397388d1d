/** How regions end and what passes their borders: functions and structured control flow. */
import type { Block, Operation, Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import type { Report } from './report.ts';
import { verifyDiagnostics } from './diagnostics.ts';

/** The types at one border: what was found, what the operation around expects. */
interface Border {
  readonly what: string;
  readonly found: readonly Type[];
  readonly expected: readonly Type[];
}

interface RegionRules {
  /** Name of the operation that ends each region. */
  readonly terminators: readonly string[];
  /** Whether a region may be empty (a declaration, a missing else). */
  readonly mayBeEmpty: (op: Operation, region: number) => boolean;
  readonly borders: (op: Operation) => readonly Border[];
}

const typesOf = (values: readonly Value[]): readonly Type[] => values.map((value) => value.type);

function yielded(block: Block | undefined): readonly Type[] {
  return typesOf(block?.operations.at(-1)?.operands ?? []);
}

const never = () => false;

const RULES: ReadonlyMap<string, RegionRules> = new Map<string, RegionRules>([
  ['func.func', { terminators: ['func.return'], mayBeEmpty: () => true, borders: functionBorders }],
  [
    'scf.if',
    {
      terminators: ['scf.yield', 'scf.yield'],
      mayBeEmpty: (op, region) => region === 1 && op.results.length === 0,
      borders: ifBorders,
    },
  ],
  ['scf.for', { terminators: ['scf.yield'], mayBeEmpty: never, borders: forBorders }],
  ['ms.vjp', { terminators: ['scf.yield'], mayBeEmpty: never, borders: vjpBorders }],
  ['ms.custom_vjp', { terminators: ['scf.yield', 'scf.yield'], mayBeEmpty: never, borders: customVjpBorders }],
  ['ms.recompute', { terminators: ['scf.yield'], mayBeEmpty: never, borders: recomputeBorders }],
  ['scf.while', { terminators: ['scf.condition', 'scf.yield'], mayBeEmpty: never, borders: whileBorders }],
]);

function functionBorders(op: Operation): readonly Border[] {
  const attribute = op.attributes.get('function_type');
  const [body] = op.regions;
  if (attribute?.kind !== 'type' || attribute.type.kind !== 'function' || body.operations.length === 0) return [];
  const { inputs, results } = attribute.type;
  return [
    { what: 'types of the arguments', found: typesOf(body.arguments), expected: inputs },
    { what: 'types of the returned values', found: yielded(body), expected: results },
  ];
}

function ifBorders(op: Operation): readonly Border[] {
  const expected = typesOf(op.results);
  return op.regions
    .filter((region) => region.operations.length > 0)
    .map((region) => ({ what: 'types of the yielded values', found: yielded(region), expected }));
}

function forBorders(op: Operation): readonly Border[] {
  const expected = typesOf(op.results);
  const [body] = op.regions;
  return [
    { what: 'types of the arguments', found: typesOf(body.arguments), expected: [op.operands[0].type, ...expected] },
    { what: 'types of the yielded values', found: yielded(body), expected },
  ];
}

function whileBorders(op: Operation): readonly Border[] {
  const [before, after] = op.regions;
  const initial = typesOf(op.operands);
  const results = typesOf(op.results);
  return [
    { what: 'types of the first arguments', found: typesOf(before.arguments), expected: initial },
    { what: 'types of the values passed by scf.condition', found: yielded(before).slice(1), expected: results },
    { what: 'types of the second arguments', found: typesOf(after.arguments), expected: results },
    { what: 'types of the yielded values', found: yielded(after), expected: initial },
  ];
}

/** A count that an attribute says; constraints report one that is missing. */
function countOf(op: Operation, name: string): number {
  const attribute = op.attributes.get(name);
  return attribute?.kind === 'integer' ? Number(attribute.value) : 0;
}

function vjpBorders(op: Operation): readonly Border[] {
  const [body] = op.regions;
  const primals = countOf(op, 'primals');
  const results = typesOf(op.results);
  return [
    {
      what: 'types of the arguments',
      found: typesOf(body.arguments),
      expected: typesOf(op.operands).slice(0, primals),
    },
    { what: 'types of the yielded values', found: yielded(body), expected: results.slice(0, results.length - primals) },
  ];
}

/** What the backward region yields is the user's, and is judged where it is used: by the pass that differentiates. */
function customVjpBorders(op: Operation): readonly Border[] {
  const [forward, backward] = op.regions;
  const [inputs, results] = [typesOf(op.operands), typesOf(op.results)];
  const outputs = results.slice(0, countOf(op, 'outputs'));
  return [
    { what: 'types of the arguments', found: typesOf(forward.arguments), expected: inputs },
    { what: 'types of the yielded values', found: yielded(forward), expected: results },
    {
      what: 'types of the arguments of the backward region',
      found: typesOf(backward.arguments),
      expected: [...inputs, ...outputs, ...outputs],
    },
  ];
}

function recomputeBorders(op: Operation): readonly Border[] {
  const [body] = op.regions;
  return [
    { what: 'types of the arguments', found: typesOf(body.arguments), expected: typesOf(op.operands) },
    { what: 'types of the yielded values', found: yielded(body), expected: typesOf(op.results) },
  ];
}

/** Checks ends and borders of the regions of an operation. */
export function verifyRegions(op: Operation, report: Report): void {
  const rules = RULES.get(op.name);
  if (!rules || op.regions.length !== rules.terminators.length) return;
  let ended = true;
  op.regions.forEach((region, index) => {
    const found = region.operations.at(-1)?.name;
    if (found === rules.terminators[index] || (found === undefined && rules.mayBeEmpty(op, index))) return;
    ended = false;
    report(verifyDiagnostics.missingTerminator, op, [op.name, rules.terminators[index], found ?? 'no operation']);
  });
  if (!ended) return;
  for (const { what, found, expected } of rules.borders(op)) {
    const keys = (types: readonly Type[]) => types.map((type) => type.key).join(', ');
    if (found.length === expected.length && found.every((type, index) => type.key === expected[index].key)) continue;
    report(verifyDiagnostics.regionTypes, op, [what, keys(found), keys(expected)]);
  }
}
