/** How two compilations of a network differ, stage by stage. */
import { matchGraphs, type GraphMatch } from './graph-match.ts';
import { shortType } from './graph-labels.ts';
import { type Graph, type GraphDifference, type GraphSection, nodeChanges, type NodeChange } from './graph.ts';
import { NOWHERE } from './place.ts';

/** What is to be known of the other compilation, which was before. */
export interface OtherCompilation {
  /** What the user calls it. */
  readonly label: string;
  /** The number in this report of one of its places. */
  readonly placeOf: (place: number) => number;
}

const unknownOther: OtherCompilation = { label: '', placeOf: () => NOWHERE };

/** The section with what differs from another compilation. */
export function withComparison(
  section: GraphSection,
  other: GraphSection,
  { label, placeOf } = unknownOther,
): GraphSection {
  const differences = section.graphs.flatMap((right) => {
    const left = other.graphs.find(({ stage }) => stage === right.stage);
    return left === undefined ? [] : [compareGraphs(left, right, placeOf)];
  });
  return { ...section, comparison: { label, differences } };
}

/** What was added to `left`, removed from it and changed in it to get `right`. */
export function compareGraphs(left: Graph, right: Graph, placeOf = unknownOther.placeOf): GraphDifference {
  return new Comparison(left, right, placeOf).run();
}

const ADDED = nodeChanges.indexOf('added');
const REMOVED = nodeChanges.indexOf('removed');
const CHANGED = nodeChanges.indexOf('changed');

/** A node of the union: of the right graph, or one that only the left one has. */
interface Member {
  readonly side: 'left' | 'right';
  readonly node: number;
}

class Comparison {
  readonly #left: Graph;
  readonly #right: Graph;
  readonly #match: GraphMatch;
  readonly #placeOf: OtherCompilation['placeOf'];
  readonly #strings: string[];
  readonly #numbers: Map<string, number>;

  constructor(left: Graph, right: Graph, placeOf: OtherCompilation['placeOf']) {
    this.#placeOf = placeOf;
    this.#left = left;
    this.#right = right;
    this.#match = matchGraphs(left, right);
    this.#strings = [...right.strings];
    this.#numbers = new Map(right.strings.map((text, index) => [text, index]));
  }

  run(): GraphDifference {
    const members = this.#members();
    const reasons = members.map((member) => (member.side === 'right' ? this.#reasons(member.node) : []));
    return {
      stage: this.#right.stage,
      union: this.#union(members),
      change: members.map(({ side, node }, index) => {
        if (side === 'left') return REMOVED;
        if (this.#match.leftOf[node] === -1) return ADDED;
        return (reasons[index] ?? []).length > 0 ? CHANGED : nodeChanges.indexOf('same');
      }),
      reasons: reasons.flatMap((texts, node) => (texts.length === 0 ? [] : [{ node, texts }])),
    };
  }

  /** Removed nodes stand after the one that they followed. */
  #members(): readonly Member[] {
    const removed = new Map<number, Member[]>();
    let after = -1;
    for (const [node, right] of this.#match.rightOf.entries()) {
      if (right >= 0) after = right;
      else if (removed.get(after)?.push({ side: 'left', node }) === undefined)
        removed.set(after, [{ side: 'left', node }]);
    }
    const members: Member[] = [];
    for (let node = -1; node < this.#right.nodes.kind.length; node++) {
      if (node >= 0) members.push({ side: 'right', node });
      for (const member of removed.get(node) ?? []) members.push(member);
    }
    return members;
  }

  #reasons(node: number): readonly string[] {
    const other = this.#match.leftOf[node] ?? -1;
    if (other < 0) return [];
    return [
      ...this.#attributeReasons(other, node),
      ...this.#typeReasons(other, node),
      ...this.#operandReasons(other, node),
    ];
  }

  #attributeReasons(left: number, right: number): readonly string[] {
    const before = linesOf(this.#left, left);
    const after = linesOf(this.#right, right);
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
      before.get(name) === after.get(name)
        ? []
        : [`${name}: ${before.get(name) ?? 'none'} → ${after.get(name) ?? 'none'}`],
    );
  }

  #typeReasons(left: number, right: number): readonly string[] {
    const [before, after] = [typesOf(this.#left, left), typesOf(this.#right, right)];
    return before === after ? [] : [`type: ${before} → ${after}`];
  }

  #operandReasons(left: number, right: number): readonly string[] {
    const [before, after] = [operandsOf(this.#left, left), operandsOf(this.#right, right)];
    if (before.length !== after.length) return [`operands: ${before.length} → ${after.length}`];
    return after.flatMap(({ producer, slot }, index) => {
      const was = before[index];
      if (was === undefined || (this.#match.leftOf[producer] === was.producer && slot === was.slot)) return [];
      return [`operand ${index}: ${nameIn(this.#left, was.producer)} → ${nameIn(this.#right, producer)}`];
    });
  }

  #text(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#strings.length);
    return this.#strings.push(value) - 1;
  }

  #union(members: readonly Member[]): Graph {
    const index = {
      left: new Int32Array(this.#match.rightOf.length),
      right: new Int32Array(this.#match.leftOf.length),
    };
    for (const [at, { side, node }] of members.entries()) index[side][node] = at;
    for (const [node, right] of this.#match.rightOf.entries())
      if (right >= 0) index.left[node] = index.right[right] ?? 0;
    const { groups, groupOf } = this.#groups();
    const graphs = { left: this.#left, right: this.#right };
    const string = (side: Member['side'], text: number | undefined): number =>
      side === 'right' ? (text ?? 0) : this.#text(this.#left.strings[text ?? 0] ?? '');
    const column = (name: 'kind' | 'flops' | 'bytes'): readonly number[] =>
      members.map(({ side, node }) => graphs[side].nodes[name][node] ?? 0);
    const operands = members.map(({ side, node }) =>
      operandsOf(graphs[side], node).map(({ producer, slot }) => ({ producer: index[side][producer] ?? 0, slot })),
    );
    const results = members.map(({ side, node }) => {
      const { resultType, resultStart } = graphs[side].nodes;
      return resultType.slice(resultStart[node], resultStart[node + 1]).map((type) => string(side, type));
    });
    return {
      stage: this.#right.stage,
      nodes: {
        kind: column('kind'),
        flops: column('flops'),
        bytes: column('bytes'),
        name: members.map(({ side, node }) => string(side, graphs[side].nodes.name[node])),
        attributes: members.map(({ side, node }) => string(side, graphs[side].nodes.attributes[node])),
        place: members.map(({ side, node }) => {
          const place = graphs[side].nodes.place[node] ?? NOWHERE;
          return side === 'right' ? place : this.#placeOf(place);
        }),
        group: members.map(({ side, node }) => {
          const group = graphs[side].nodes.group[node] ?? 0;
          return side === 'right' ? group : (groupOf[group] ?? 0);
        }),
        operandStart: startsOf(operands),
        producer: operands.flat().map(({ producer }) => producer),
        slot: operands.flat().map(({ slot }) => slot),
        resultStart: startsOf(results),
        resultType: results.flat(),
      },
      groups,
      strings: this.#strings,
    };
  }

  /** The groups of the right graph, and those of the left one that hold removed nodes only. */
  #groups(): { readonly groups: Graph['groups']; readonly groupOf: readonly number[] } {
    const { parent, kind, name, call, title, place } = this.#right.groups;
    const made = {
      parent: [...parent],
      kind: [...kind],
      name: [...name],
      call: [...call],
      title: [...title],
      place: [...place],
    };
    const left = this.#left.groups;
    const groupOf: number[] = [];
    for (const [group, right] of this.#match.groupOf.entries()) {
      if (right >= 0) {
        groupOf.push(right);
        continue;
      }
      groupOf.push(made.parent.length);
      made.parent.push(groupOf[left.parent[group] ?? 0] ?? 0);
      made.kind.push(left.kind[group] ?? 0);
      made.name.push(this.#text(this.#left.strings[left.name[group] ?? 0] ?? ''));
      made.call.push(left.call[group] ?? 1);
      made.title.push(this.#text(this.#left.strings[left.title[group] ?? 0] ?? ''));
      made.place.push(this.#placeOf(left.place[group] ?? NOWHERE));
    }
    return { groups: made, groupOf };
  }
}

/** How many nodes were added, removed and changed. */
export function changeCounts({ change }: GraphDifference): Readonly<Record<NodeChange, number>> {
  const counts = { same: 0, added: 0, removed: 0, changed: 0 };
  for (const kind of change) counts[nodeChanges[kind] ?? 'same']++;
  return counts;
}

function linesOf({ strings, nodes }: Graph, node: number): ReadonlyMap<string, string> {
  const lines = (strings[nodes.attributes[node] ?? 0] ?? '').split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(' = ');
      return at < 0 ? [line, 'set'] : [line.slice(0, at), line.slice(at + 3)];
    }),
  );
}

const typesOf = ({ strings, nodes }: Graph, node: number): string =>
  nodes.resultType
    .slice(nodes.resultStart[node], nodes.resultStart[node + 1])
    .map((type) => shortType(strings[type] ?? ''))
    .join(', ');

function operandsOf({ nodes }: Graph, node: number): readonly { readonly producer: number; readonly slot: number }[] {
  const start = nodes.operandStart[node] ?? 0;
  return nodes.producer
    .slice(start, nodes.operandStart[node + 1])
    .map((producer, index) => ({ producer, slot: nodes.slot[start + index] ?? 0 }));
}

const nameIn = ({ strings, nodes }: Graph, node: number): string =>
  (strings[nodes.name[node] ?? 0] ?? '').replace(/^ms\./, '');

function startsOf(lists: readonly (readonly unknown[])[]): readonly number[] {
  const found = [0];
  let at = 0;
  for (const list of lists) found.push((at += list.length));
  return found;
}
