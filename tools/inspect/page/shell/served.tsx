/** A page that `msc inspect --serve` gives: it shows a new compilation at once, and problems over the last good one. */
import { signal } from '@preact/signals';

/** What the server says before and after each compilation; it stands in serve/server.ts too. */
interface ServedState {
  /** Of the last good report. */
  readonly version: string;
  /** Why the last compilation gave no report, or null. */
  readonly problem: string | null;
  readonly isCompiling: boolean;
}

const state = signal<ServedState | null>(null);
const isHidden = signal(false);

/** Listens to the server, when there is one. A reload keeps view and filter, which stand in the address. */
export function startServed(page: Document): void {
  const version = page.querySelector('meta[name="msc-served"]')?.getAttribute('content') ?? null;
  if (version === null) return;
  const events = new EventSource('/events');
  events.addEventListener('message', ({ data }) => {
    const next = JSON.parse(String(data)) as ServedState; // our own server wrote it
    if (next.problem !== state.value?.problem) isHidden.value = false;
    state.value = next;
    if (next.version !== '' && next.version !== version) location.reload();
  });
  events.addEventListener('error', () => (state.value = null));
}

/** Whether the source is watched, and whether a compilation runs. */
export function ServedLight() {
  if (state.value === null) return null;
  const { isCompiling, problem } = state.value;
  const text = isCompiling ? 'Compiling…' : problem === null ? 'Live' : 'Failed';
  return (
    <button
      type="button"
      class={`served ${problem === null ? '' : 'is-bad'}`}
      title="The page follows its source"
      onClick={() => (isHidden.value = !isHidden.value)}
    >
      {text}
    </button>
  );
}

export function ServedProblem() {
  const problem = state.value?.problem ?? null;
  if (problem === null || isHidden.value) return null;
  return (
    <div class="problem" role="alert" aria-label="The last compilation failed">
      <header>
        <strong>The last compilation failed. The page shows the report before it.</strong>
        <button type="button" class="ui-button" onClick={() => (isHidden.value = true)}>
          Hide
        </button>
      </header>
      <pre>{problem}</pre>
    </div>
  );
}
