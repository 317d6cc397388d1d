/** The way back from anything to the user's line: a click selects the line, so that all views show only what came from it. */
import { placeLabel, selectPlace } from './state.ts';

export function PlaceLink({ place }: { readonly place: number }) {
  const label = placeLabel(place);
  if (label === '') return null;
  return (
    <button
      type="button"
      class="place-link"
      title={`${label}\nShow only what came from this line`}
      onClick={() => selectPlace(place)}
    >
      <LineLabel label={label} />
    </button>
  );
}

/** A line such as `net.py:44`; where space is short the name is cut, not the number. */
export function LineLabel({ label }: { readonly label: string }) {
  const colon = label.lastIndexOf(':');
  return (
    <span class="line-label">
      <span>{label.slice(0, colon)}</span>
      <span>{label.slice(colon)}</span>
    </span>
  );
}
