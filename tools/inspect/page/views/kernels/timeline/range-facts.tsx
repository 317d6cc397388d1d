/** What the pipes do in a range of time: the marked one, or all that is visible. */
import { IDLE, TICKS, pipeNames, pipeStates } from '../../../../report/index.ts';
import { formatCount, formatPercent } from '../../../shell/components/index.ts';
import { stateColours } from '../look.ts';
import type { Viewport } from '../viewport.ts';
import { statesAbout } from './lanes.ts';
import type { CoreScene } from './scene.ts';

interface RangeFactsProps {
  readonly core: CoreScene;
  readonly range: Viewport;
  readonly megahertz: number;
  readonly title: string;
}

export function RangeFacts({ core, range, megahertz, title }: RangeFactsProps) {
  const ticks = range.to - range.from;
  return (
    <div class="range-facts">
      <h3>{title}</h3>
      <p>
        {formatCount(Math.round(ticks / TICKS))} cycles ({(ticks / TICKS / megahertz).toFixed(3)} us) of {core.name}
      </p>
      {core.lanes.map((lane) => {
        const states = statesAbout(lane, range.from, range.to);
        return (
          <div class="range-pipe" key={lane.pipe}>
            <b>{pipeNames[lane.pipe]}</b>
            <StateBar states={states} total={ticks} />
            <span class="at-end">{formatPercent((states[0] ?? 0) / ticks)}</span>
            <small class="faint">{stallsText(states, ticks)}</small>
          </div>
        );
      })}
    </div>
  );
}

/** Shares of time by state, as one bar. */
export function StateBar({ states, total }: { readonly states: ArrayLike<number>; readonly total: number }) {
  return (
    <span class="state-bar">
      {pipeStates.map(({ name }, state) => {
        const share = state === IDLE || total === 0 ? 0 : (states[state] ?? 0) / total;
        return share <= 0 ? null : (
          <i
            key={name}
            title={`${name}: ${formatPercent(share)}`}
            class={state >= 5 ? 'is-waiting' : undefined}
            style={`width:${share * 100}%;--colour:var(--${stateColours[state] ?? 'faint'})`}
          />
        );
      })}
    </span>
  );
}

/** The two largest stalls. */
function stallsText(states: ArrayLike<number>, total: number): string {
  return pipeStates
    .map(({ name }, state) => ({ name, ticks: state === 0 || state === IDLE ? 0 : (states[state] ?? 0) }))
    .filter(({ ticks }) => ticks > 0.005 * total)
    .sort((left, right) => right.ticks - left.ticks)
    .slice(0, 2)
    .map(({ name, ticks }) => `${name} ${formatPercent(ticks / total)}`)
    .join(', ');
}
