/** Moves between buffers that happen as if all at once. */
import type { Value } from '../../ir/index.ts';
import { rootBuffer } from '../tile/dialect.ts';
import type { Move } from './lowering.ts';
import type { AffineCopy } from './shape/affine.ts';
import { affineCopy } from './shape/affine.ts';

/** The bytes as one run. */
export function solidCopy(bytes: number): AffineCopy {
  const unit = bytes % 4 === 0 ? 4 : 1;
  return affineCopy(unit, [{ extent: bytes / unit, source: 1, target: 1 }]);
}

/**
 * The moves in an order in which none overwrites what another still reads; a ring of moves gets a copy on the side.
 * Moves onto themselves and of nothing fall away.
 */
export function inOrder(moves: readonly Move[], workspace: (bytes: number) => Value): readonly Move[] {
  let pending = moves.filter(({ source, target, bytes }) => source !== target && bytes > 0);
  const ordered: Move[] = [];
  while (pending.length > 0) {
    const free = pending.find((move) =>
      pending.every((other) => other === move || rootBuffer(other.source) !== rootBuffer(move.target)),
    );
    if (free) {
      ordered.push(free);
      pending = pending.filter((move) => move !== free);
      continue;
    }
    const [{ target }] = pending;
    const reader = pending.findLast(({ source }) => rootBuffer(source) === rootBuffer(target));
    if (!reader) throw new Error('moves that wait for nothing');
    const saved = workspace(reader.bytes);
    ordered.push({ ...reader, target: saved });
    pending = pending.map((move) => (move === reader ? { ...move, source: saved } : move));
  }
  return ordered;
}
