/** What each pipe does with the time of a launch, and how evenly the cores are loaded. */
import { IDLE, pipeNames, pipeStates, stateCycles, type KernelFacts, type LaunchFacts } from '../../../report/index.ts';
import { formatCount, formatPercent } from '../../shell/components/index.ts';
import { StateLegend } from './legend.tsx';
import { pipesOfCore } from './tiles.tsx';
import { StateBar } from './timeline/range-facts.tsx';

interface UtilizationProps {
  readonly kernel: KernelFacts;
  readonly launch: LaunchFacts;
}

export function Utilization({ kernel, launch }: UtilizationProps) {
  const pipes = pipesOfCore(kernel.core);
  const cores = kernel.trace?.allCores ?? [];
  const most = Math.max(1, ...cores.map(({ cycles }) => cycles));
  return (
    <div class="utilization">
      <section>
        <h3>Pipes, mean over the cores of this launch</h3>
        <StateLegend />
        <table class="pipe-table">
          <thead>
            <tr>
              <th scope="col">Pipe</th>
              <th scope="col" class="pipe-bar">
                {formatCount(Math.round(launch.cycles))} cycles
              </th>
              {pipeStates.map(({ name, what }) => (
                <th key={name} scope="col" title={what}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pipes.map((pipe) => (
              <tr key={pipe}>
                <th scope="row">{pipeNames[pipe]}</th>
                <td>
                  <StateBar
                    states={pipeStates.map((_, state) => stateCycles(launch, pipe, state))}
                    total={launch.cycles}
                  />
                </td>
                {pipeStates.map(({ name }, state) => {
                  const share = stateCycles(launch, pipe, state) / launch.cycles;
                  return (
                    <td key={name} class={`at-end${state === IDLE ? ' faint' : ''}`}>
                      {share < 0.0005 ? '' : formatPercent(share)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {cores.length > 0 && (
        <section>
          <h3>Cores of the longest launch of this kernel</h3>
          <div class="core-bars">
            {cores.map(({ name, cycles }) => (
              <span key={name} class="core-bar" title={`${name}: ${formatCount(cycles)} cycles`}>
                <i style={`height:${(cycles / most) * 100}%`} />
              </span>
            ))}
          </div>
          <p class="faint">
            {cores.length} cores; the fastest takes{' '}
            {formatPercent(Math.min(...cores.map(({ cycles }) => cycles)) / most)} of the slowest one's time.
          </p>
        </section>
      )}
    </div>
  );
}
