/**
 * Repeated layers of a graph, found once by structure: operation i equals operation i + p when both have one name, attributes and
 * types, and their operands come from the same distance, are parameters of one type, or are one shared value. The longest chain of
 * equalities with period p is a layer repeated; what lies before and after is searched again.
 */
import type { Attribute, AttributeMap, Operation, Value } from '../../../ir/index.ts';
import type { GraphView } from './graph-view.ts';
import { isActivation } from './graph-view.ts';

/** Operations [begin, begin + length · count) of the graph. */
export interface Section {
  readonly begin: number;
  readonly length: number;
  readonly count: number;
}

/** The whole graph as sections in order. Sections that do not repeat are cut where one value alone goes on. */
export function sectionsOf(view: GraphView): readonly Section[] {
  const signatures = view.operations.map(signatureOf);
  const live = liveCounts(view);
  return split(view, signatures, live, 0, view.operations.length);
}

function split(
  view: GraphView,
  signatures: readonly string[],
  live: readonly number[],
  begin: number,
  end: number,
): readonly Section[] {
  if (begin >= end) return [];
  const run = longestRun(view, signatures, live, begin, end);
  if (run === null) return cutAtSingleValues(view, live, begin, end);
  const after = run.begin + run.length * run.count;
  return [...split(view, signatures, live, begin, run.begin), run, ...split(view, signatures, live, after, end)];
}

/** A layer may hold this many operations of one signature with a parameter. */
const ALIKE_IN_A_LAYER = 12;

/** Periods worth trying: distances between near operations of one signature that read a parameter. */
function periods(view: GraphView, signatures: readonly string[], begin: number, end: number): readonly number[] {
  const seen = new Map<string, number[]>();
  const votes = new Map<number, number>();
  for (let index = begin; index < end; index += 1) {
    const operation = view.operations[index];
    if (!operation.operands.some((operand) => view.parameters.has(operand))) continue;
    const places = seen.get(signatures[index]) ?? [];
    for (const place of places.slice(-ALIKE_IN_A_LAYER)) votes.set(index - place, (votes.get(index - place) ?? 0) + 1);
    places.push(index);
    seen.set(signatures[index], places);
  }
  return [...votes]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, 24)
    .map(([period]) => period);
}

function longestRun(
  view: GraphView,
  signatures: readonly string[],
  live: readonly number[],
  begin: number,
  end: number,
): Section | null {
  let best: Section | null = null;
  for (const period of periods(view, signatures, begin, end)) {
    let start = begin;
    for (let index = begin; index + period <= end; index += 1) {
      if (index + period < end && equalAt(view, signatures, index, period)) continue;
      const covered = index - start + period;
      if (covered >= 2 * period) best = better(best, aligned(live, start, covered, period));
      start = index + 1;
    }
  }
  return best;
}

/** More operations covered wins, then the shorter period: two layers are never one layer of twice the length. */
function better(best: Section | null, found: Section | null): Section | null {
  if (found === null || found.count < 2) return best;
  if (best === null) return found;
  const [had, has] = [best, found].map(({ length, count }) => length * count);
  if (found.length < best.length) return has >= had - best.length ? found : best;
  return has > had + found.length ? found : best;
}

/** Turns the period so that as few values as possible go from one layer to the next. */
function aligned(live: readonly number[], start: number, covered: number, period: number): Section | null {
  let [shift, least] = [0, Infinity];
  for (let turn = 0; turn < period && Math.floor((covered - turn) / period) >= 2; turn += 1) {
    if (live[start + turn] >= least) continue;
    [shift, least] = [turn, live[start + turn]];
  }
  const count = Math.floor((covered - shift) / period);
  return count < 2 ? null : { begin: start + shift, length: period, count };
}

/** Whether operation `index` and the one a period later are the same step of two layers. */
function equalAt(view: GraphView, signatures: readonly string[], index: number, period: number): boolean {
  if (signatures[index] !== signatures[index + period]) return false;
  const [first, second] = [view.operations[index], view.operations[index + period]];
  return first.operands.every((operand, at) => sameRole(view, operand, second.operands[at], index, period));
}

function sameRole(view: GraphView, first: Value, second: Value, index: number, period: number): boolean {
  if (view.constants.has(first)) return view.constants.has(second);
  if (view.parameters.has(first)) return view.parameters.has(second);
  const [made, later] = [view.madeBy.get(first), view.madeBy.get(second)];
  // An input of the graph stands for what the layer before would give.
  if (made === undefined && later !== undefined) return later >= index && later < index + period;
  if (made === undefined || later === undefined) return first === second;
  // The first layer reads what stands before the chain; its distance is still that of the later ones.
  return later - made === period || first === second;
}

const signatureOf = (op: Operation): string =>
  `${op.name}(${op.operands.map(({ type }) => type.key).join(',')})${attributesText(op.attributes)}`;

const attributesText = (attributes: AttributeMap): string =>
  [...attributes]
    .filter(([name]) => !name.startsWith('dist.'))
    .map(([name, attribute]) => `${name}=${attributeText(attribute)}`)
    .join(';');

/** Enough to tell attributes of one op apart; dense constants by type alone. */
function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'integers':
      return attribute.values.join(',');
    case 'bool':
    case 'float':
    case 'string':
    case 'integer':
      return String(attribute.value);
    case 'dense':
    case 'type':
      return attribute.type.key;
    default:
      return attribute.kind;
  }
}

/** For each place between operations: how many activations made before are used after. */
function liveCounts(view: GraphView): readonly number[] {
  const change = Array.from({ length: view.operations.length + 2 }, () => 0);
  for (const [value, users] of view.usedBy) {
    const made = view.madeBy.get(value);
    if (made === undefined || !isActivation(view, value)) continue;
    change[made + 1] += 1;
    change[(users.at(-1) ?? made) + 1] -= 1;
  }
  let live = 0;
  return change.map((step) => (live += step));
}

/** Cuts a section without repeats where a single value goes on, each part with at least one parameter. */
function cutAtSingleValues(view: GraphView, live: readonly number[], begin: number, end: number): readonly Section[] {
  const sections: Section[] = [];
  let [start, weighty] = [begin, false];
  for (let index = begin; index < end; index += 1) {
    weighty ||= view.operations[index].operands.some((operand) => view.parameters.has(operand));
    if (!weighty || live[index + 1] > 1 || index + 1 === end) continue;
    sections.push({ begin: start, length: index + 1 - start, count: 1 });
    [start, weighty] = [index + 1, false];
  }
  const last = sections.at(-1);
  if (start < end && !weighty && last !== undefined)
    return [...sections.slice(0, -1), { ...last, length: end - last.begin }];
  return start < end ? [...sections, { begin: start, length: end - start, count: 1 }] : sections;
}
