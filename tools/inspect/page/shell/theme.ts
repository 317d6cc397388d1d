/** Light or dark: as the system says, or as the user chose. Colours stand in shell.css; canvases ask here for them. */
import { computed, effect, signal } from '@preact/signals';
import { remember, remembered } from './storage.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const system = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = signal(system.matches);
system.addEventListener('change', () => (isSystemDark.value = system.matches));

export const theme = signal<Theme>(themes.find((name) => name === remembered('theme')) ?? 'auto');
export const isDark = computed(() => (theme.value === 'auto' ? isSystemDark.value : theme.value === 'dark'));

/** Applies the theme to the page, now and at each change. */
export const startTheme = (): (() => void) =>
  effect(() => {
    document.documentElement.style.colorScheme = theme.value === 'auto' ? 'light dark' : theme.value;
    remember('theme', theme.value);
  });

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'auto';
}

/** Colours that tell things of one kind apart. */
export const series = [
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
  'series-7',
  'series-8',
] as const;

/** The colours of shell.css that a canvas may draw with. */
export const colourNames = [
  'background',
  'raised',
  'sunken',
  'line',
  'text',
  'faint',
  'accent',
  'accent-soft',
  'good',
  'warn',
  'bad',
  ...series,
] as const;
export type ColourName = (typeof colourNames)[number];
export type Colours = Readonly<Record<ColourName, string>>;

/** The colours of the current theme as `rgb(…)`; a signal, so that drawings follow the theme. */
export const colours = computed<Colours>(() => {
  void isDark.value;
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = colourNames.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<ColourName, string>; // one entry per name
});
