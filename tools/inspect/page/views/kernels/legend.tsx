/** What the colours of states mean. */
import { IDLE, pipeStates } from '../../../report/index.ts';
import { stateColours } from './look.ts';

export function StateLegend() {
  return (
    <div class="state-legend" aria-label="Colours">
      {pipeStates.map(({ name, what }, state) =>
        state === IDLE ? null : (
          <span key={name} title={what}>
            <i
              class={state >= 5 ? 'is-waiting' : undefined}
              style={`--colour:var(--${stateColours[state] ?? 'faint'})`}
            />
            {name}
          </span>
        ),
      )}
    </div>
  );
}
