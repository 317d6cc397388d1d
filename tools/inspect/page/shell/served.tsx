/** A page that `msc inspect --serve` gives: it shows a new compilation at once, and problems over the last good one. */
import { signal } from '@preact/signals';

/** What the server says after each compilation; it stands in serve/ too. */
interface ServedState {
  /** Number of the last good report. */
  readonly version: number;
  /** Why the last compilation gave no report, or null. */
  readonly problem: string | null;
}

const problem = signal<string | null>(null);

/** Listens to the server, when there is one. A reload keeps view and filter, which stand in the address. */
export function startServed(page: Document): void {
  const version = page.querySelector('meta[name="msc-served"]')?.getAttribute('content') ?? null;
  if (version === null) return;
  const events = new EventSource('/events');
  events.addEventListener('message', ({ data }) => {
    const state = JSON.parse(String(data)) as ServedState; // our own server wrote it
    problem.value = state.problem;
    if (String(state.version) !== version) location.reload();
  });
}

export function ServedProblem() {
  if (problem.value === null) return null;
  return (
    <div class="problem" role="alert" aria-label="The last compilation failed">
      <header>
        <strong>The last compilation failed; the report below is the one before</strong>
        <button type="button" class="ui-button" onClick={() => (problem.value = null)}>
          Hide
        </button>
      </header>
      <pre>{problem.value}</pre>
    </div>
  );
}
