/** The memory of each device, when there are several: a bar of what is kept and of the arena, against what a device has. */
import { deviceFigures, rankCount, ranksText, type MemorySection } from '../../../report/index.ts';
import { formatBytes, formatCount } from '../../shell/components/index.ts';

export interface DevicesProps {
  readonly section: MemorySection;
  readonly chosen: number;
  readonly onChoose: (device: number) => void;
}

export function Devices({ section, chosen, onChoose }: DevicesProps) {
  const figures = section.devices.map((device) => deviceFigures(device));
  const most = Math.max(1, ...figures.map(({ gmBytes }) => gmBytes));
  return (
    <div class="memory-devices" role="listbox" aria-label="Devices">
      {section.devices.map(({ ranks }, number) => {
        const { keptBytes, arenaBytes, gmBytes } = figures[number];
        const count = rankCount(ranks);
        return (
          <button
            key={number}
            type="button"
            role="option"
            aria-selected={number === chosen}
            onClick={() => onChoose(number)}
            title={`${formatBytes(keptBytes)} kept, ${formatBytes(arenaBytes)} shared by lifetime`}
          >
            <span>
              rank {ranksText(ranks)} {count > 1 && <small class="faint">{formatCount(count)} alike</small>}
            </span>
            <span class="bar">
              <i class="kept" style={`width:${(100 * keptBytes) / most}%`} />
              <i class="arena" style={`width:${(100 * arenaBytes) / most}%`} />
            </span>
            <span class="at-end">{formatBytes(gmBytes)}</span>
          </button>
        );
      })}
    </div>
  );
}
