/** Says why there is nothing to see. */
import type { ComponentChildren } from 'preact';
import { clearSelection, selection, selectionLabel } from '../state.ts';

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="ui-empty">{children}</p>;
}

/** For a view that the filter leaves empty: says so and offers to clear the filter. */
export function NothingSelected({ what = 'Nothing' }: { readonly what?: string }) {
  if (selection.value === null) return <Empty>{what} in this report</Empty>;
  return (
    <p class="ui-empty">
      {what} from {selectionLabel.value}{' '}
      <button type="button" class="ui-button" onClick={clearSelection}>
        Clear the filter
      </button>
    </p>
  );
}

/** While a section is decoded. */
export function Loading() {
  return (
    <p class="ui-empty" role="status">
      Reading…
    </p>
  );
}
