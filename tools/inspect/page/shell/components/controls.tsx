/** Small controls: a toolbar and what stands in it. */
import type { ComponentChildren } from 'preact';

export function Toolbar({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="ui-toolbar" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

/** Pushes what follows to the end of a toolbar. */
export function Spring() {
  return <span class="ui-spring" />;
}

export interface ButtonProps {
  readonly onClick: () => void;
  readonly title?: string;
  readonly isDisabled?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ onClick, title, isDisabled = false, children }: ButtonProps) {
  return (
    <button type="button" class="ui-button" title={title} disabled={isDisabled} onClick={onClick}>
      {children}
    </button>
  );
}

export interface ToggleProps extends Omit<ButtonProps, 'onClick'> {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Toggle({ isOn, onChange, title, isDisabled = false, children }: ToggleProps) {
  return (
    <button
      type="button"
      class="ui-button"
      aria-pressed={isOn}
      title={title}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
    >
      {children}
    </button>
  );
}

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly title: string; readonly hint?: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all visible. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <div class="ui-choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          title={option.hint}
          aria-pressed={option.value === value}
          data-value={option.value}
          onClick={() => onChange(option.value)}
        >
          {option.title}
        </button>
      ))}
    </div>
  );
}

/** One of many. */
export function Select<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <select
      class="ui-select"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options[event.currentTarget.selectedIndex];
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} title={option.hint}>
          {option.title}
        </option>
      ))}
    </select>
  );
}

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** E.g. `3 of 12`. */
  readonly count?: string;
  /** Enter (1) and Shift-Enter (-1). */
  readonly onStep?: (step: 1 | -1) => void;
}

/** A field to search within a view; Escape empties it. */
export function SearchField({ label, value, onInput, count, onStep }: SearchFieldProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onStep?.(event.shiftKey ? -1 : 1);
    if (event.key !== 'Escape' || value === '') return;
    event.stopPropagation();
    onInput('');
  };
  return (
    <span class="ui-search">
      <input
        type="search"
        placeholder={label}
        aria-label={label}
        value={value}
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {count !== undefined && <small>{count}</small>}
    </span>
  );
}

/** A bar that shows a share of one beside its text. */
export function Meter({ share, children }: { readonly share: number; readonly children?: ComponentChildren }) {
  const width = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) * 100 : 0;
  return (
    <span class="ui-meter">
      <i style={`width:${width}%`} />
      {children !== undefined && <b>{children}</b>}
    </span>
  );
}
