/** The way back from anything to the user's line: a click selects the line, so that all views show only what came from it. */
import { placeLabel, selectPlace } from './state.ts';

export function PlaceLink({ place }: { readonly place: number }) {
  const label = placeLabel(place);
  if (label === '') return null;
  return (
    <button
      type="button"
      class="place-link"
      title="Show only what came from this line"
      onClick={() => selectPlace(place)}
    >
      {label}
    </button>
  );
}
