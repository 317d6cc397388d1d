/** Keys of the whole page. A field that takes text keeps its keys, but for Escape and Ctrl-K. */
import { overlay } from './overlay.ts';
import { clearSelection, openView } from './state.ts';
import { nextTheme } from './theme.ts';
import type { View } from './view.ts';

/** Listens to the page's keys; the views in the order of the tabs. Returns how to stop. */
export function startKeys(views: readonly View[]): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (!event.defaultPrevented && isHandled(event, views)) event.preventDefault();
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}

function isHandled(event: KeyboardEvent, views: readonly View[]): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return toggle('search');
  if (event.key === 'Escape') return leave();
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return false;
  const tab = /^[1-9]$/.test(event.key) ? views[Number(event.key) - 1] : undefined;
  if (tab !== undefined) {
    openView.value = tab.name;
    return true;
  }
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  return action?.() ?? false;
}

const actions: Readonly<Record<string, () => boolean>> = {
  '/': () => toggle('search'),
  '?': () => toggle('help'),
  t: () => {
    nextTheme();
    return true;
  },
};

function toggle(name: 'search' | 'help'): boolean {
  overlay.value = overlay.value === name ? null : name;
  return true;
}

function leave(): boolean {
  if (overlay.value !== null) overlay.value = null;
  else clearSelection();
  return true;
}

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
