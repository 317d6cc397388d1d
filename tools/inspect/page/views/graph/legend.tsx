/** What the colours mean. */
import type { Look } from './look.ts';
import { costText, costTitles } from './note.ts';
import type { Colouring } from './store.ts';

export function Legend({ look, colouring }: { readonly look: Look; readonly colouring: Colouring }) {
  if (colouring !== 'kind') {
    if (look.largest === null) return null;
    return (
      <div class="graph-legend" aria-label="Colours">
        {costTitles[colouring]} 0 <span class="graph-ramp" /> {costText(colouring, look.largest)}
      </div>
    );
  }
  return (
    <div class="graph-legend" aria-label="Colours">
      {look.legend.map(({ colour, label }) => (
        <span key={label}>
          <i style={`background:var(--${colour})`} /> {label}
        </span>
      ))}
    </div>
  );
}
