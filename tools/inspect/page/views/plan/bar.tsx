/** Stacked bars of terms. */
import { isWaiting, termColour, type Part } from './terms.ts';

export interface StackedBarProps {
  readonly parts: readonly Part[];
  /** What the whole width stands for. */
  readonly scale: number;
  /** A line across the bar, e.g. a limit. */
  readonly limit?: number;
  readonly text: (part: Part) => string;
}

export function StackedBar({ parts, scale, limit, text }: StackedBarProps) {
  return (
    <span class="plan-bar">
      {parts.map((part) => (
        <i
          key={part.name}
          class={isWaiting(part.name) ? 'is-hatched' : undefined}
          style={`width:${(100 * part.value) / scale}%;--colour:var(--${termColour(part.name)})`}
          title={text(part)}
        />
      ))}
      {limit !== undefined && limit <= scale && <b style={`left:${(100 * limit) / scale}%`} />}
    </span>
  );
}

export function Legend({
  names,
  label,
}: {
  readonly names: readonly string[];
  readonly label: (name: string) => string;
}) {
  return (
    <span class="plan-legend">
      {names.map((name) => (
        <span key={name} title={name}>
          <i class={isWaiting(name) ? 'is-hatched' : undefined} style={`--colour:var(--${termColour(name)})`} />
          {label(name)}
        </span>
      ))}
    </span>
  );
}
