/**
 * When communication happens: each rank stands at one operation or is done, and what can go on is found from that alone.
 *
 * A collective happens when every rank of its group stands at the same collective of that group; a message when its
 * sender and its receiver stand at each other under one tag. Ranks wait meanwhile, so that what is met first does not
 * matter: the order in which meetings are found changes nothing. No meeting while a rank waits is a deadlock, or, where
 * a group has met at different operations, a mismatch; both are reported with every waiting rank.
 */
import type { AttributeMap } from '../core/attribute.ts';
import { integerOf, integersOf } from '../core/definition.ts';
import type { Location } from '../core/location.ts';
import type { Operation } from '../core/operation.ts';

/** Ranks that communicate now: the place of each in `members` is its place in the group. */
export interface Meeting {
  readonly members: readonly number[];
}

/** A rank that cannot go on, and where. */
export interface WaitingRank {
  readonly rank: number;
  readonly text: string;
  readonly location: Location;
}

export interface Blocked {
  readonly message: string;
  readonly ranks: readonly WaitingRank[];
}

/** The next meeting among what the ranks stand at (null: done), or why there is none; null when all are done. */
export function nextMeeting(waiting: readonly (Operation | null)[]): Meeting | Blocked | null {
  if (waiting.every((op) => op === null)) return null;
  for (const [rank, op] of waiting.entries()) {
    if (op === null) continue;
    const found = isMessage(op) ? messageOf(rank, op, waiting) : collectiveOf(rank, op, waiting);
    if (found !== null) return found;
  }
  return { message: 'deadlock: no rank can go on', ranks: describe(waiting.keys(), waiting) };
}

const isMessage = (op: Operation): boolean => op.name === 'dist.send' || op.name === 'dist.receive';

/** A message is found at its sender. */
function messageOf(rank: number, op: Operation, waiting: readonly (Operation | null)[]): Meeting | Blocked | null {
  const peer = integerOf(op.attributes, 'peer');
  if (peer < 0 || peer >= waiting.length || peer === rank)
    return { message: `rank ${rank} has no peer ${peer}`, ranks: describe([rank], waiting) };
  const other = waiting[peer];
  if (op.name !== 'dist.send' || other?.name !== 'dist.receive') return null;
  if (integerOf(other.attributes, 'peer') !== rank) return null;
  if (integerOf(op.attributes, 'tag') !== integerOf(other.attributes, 'tag')) return null;
  const [sent, expected] = [op.operands[0].type.key, other.results[0].type.key];
  if (sent === expected) return { members: [rank, peer] };
  return { message: `${sent} is sent, ${expected} is received`, ranks: describe([rank, peer], waiting) };
}

function collectiveOf(rank: number, op: Operation, waiting: readonly (Operation | null)[]): Meeting | Blocked | null {
  const group = integersOf(op.attributes, 'group');
  const outside = group.find((member) => member >= waiting.length);
  if (outside !== undefined) return { message: `there is no rank ${outside}`, ranks: describe([rank], waiting) };
  if (!group.includes(rank))
    return { message: `rank ${rank} is not of its group [${group.join(', ')}]`, ranks: describe([rank], waiting) };
  const others = group.map((member) => waiting[member]);
  if (!others.every((other) => other !== null && sameGroup(op, other))) return null;
  const odd = others.findIndex((other) => other !== null && !sameCollective(op, other));
  if (odd < 0) return { members: group };
  return { message: 'ranks of one group come to different collectives', ranks: describe([rank, group[odd]], waiting) };
}

const groupText = (op: Operation): string =>
  op.attributes.has('group') ? integersOf(op.attributes, 'group').join() : '';
const sameGroup = (left: Operation, right: Operation): boolean => groupText(left) === groupText(right);

function sameCollective(left: Operation, right: Operation): boolean {
  return (
    left.name === right.name &&
    left.operands[0].type.key === right.operands[0].type.key &&
    attributesText(left.attributes) === attributesText(right.attributes)
  );
}

function describe(ranks: Iterable<number>, waiting: readonly (Operation | null)[]): readonly WaitingRank[] {
  const found: WaitingRank[] = [];
  for (const rank of ranks) {
    const op = waiting[rank];
    if (op) found.push({ rank, text: operationText(op), location: op.location });
  }
  return found;
}

/** `dist.all_reduce group=[0, 1] reduction="sum" of tensor<4xf32>`: what a rank waits at, for people. */
function operationText(op: Operation): string {
  const type = op.operands[0]?.type ?? op.results[0]?.type;
  return `${op.name} ${attributesText(op.attributes)} of ${type?.key ?? 'nothing'}`;
}

function attributesText(attributes: AttributeMap): string {
  const shown = ['group', 'axis', 'split_axis', 'concat_axis', 'reduction', 'root', 'peer', 'tag'];
  return shown
    .flatMap((name) => {
      const attribute = attributes.get(name);
      if (attribute?.kind === 'integers') return [`${name}=[${attribute.values.join(', ')}]`];
      if (attribute?.kind === 'integer' || attribute?.kind === 'string') return [`${name}=${attribute.value}`];
      return [];
    })
    .join(' ');
}
