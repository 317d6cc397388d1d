/** What a chip can do at best, from its timing tables. */
import { type Chip, reservedBytes } from '../../../../runtime/target/index.ts';
import type { ChipRoofs } from '../../report/index.ts';

/** A cube step multiplies 16 x k by k x 16. */
const CUBE_EDGE = 16;

export function roofsOf(chip: Chip): ChipRoofs {
  const perSecond = chip.megahertz * 1e6;
  const { cubeK, vector, memory, launchCycles } = chip.timing;
  const lanes = vector['vector.madd'] ?? chip.timing.vectorDefault;
  const vectorRate = (width: number): number => 2 * width * chip.vectorCores * perSecond;
  return {
    name: chip.name,
    megahertz: chip.megahertz,
    cubeCores: chip.cubeCores,
    vectorCores: chip.vectorCores,
    cube: Object.entries(cubeK).map(([dtype, depth]) => ({
      dtype,
      perSecond: 2 * CUBE_EDGE * CUBE_EDGE * depth * chip.cubeCores * perSecond,
    })),
    vector: [
      { dtype: 'f16', perSecond: vectorRate(lanes.lanes16) },
      { dtype: 'f32', perSecond: vectorRate(lanes.lanes32) },
    ],
    hbmBytesPerSecond: memory.hbmBytesPerCycle * perSecond,
    l2BytesPerSecond: memory.l2BytesPerCycle * perSecond,
    memories: Object.fromEntries(
      Object.entries(chip.buffers).map(([space, bytes]) => [
        space,
        bytes - (Object.entries(reservedBytes).find(([name]) => name === space)?.[1] ?? 0),
      ]),
    ),
    launchMicroseconds: launchCycles / chip.megahertz,
  };
}
