/**
 * Names that values keep. A value gets its name when it is first printed, and what replaces it takes the name over, so that two
 * texts of a module, before and after a pass, differ only where the module does.
 */
import { Block } from '../core/operation.ts';
import type { Value } from '../core/operation.ts';

/** Names of one function: `func` in `%func` need not be told from another function's. */
interface Scope {
  readonly names: Map<Value, string>;
  readonly taken: Set<string>;
  /** The next number to try behind a stem. */
  readonly next: Map<string, number>;
}

export class StableNames {
  private readonly scopes = new Map<string, Scope>();
  /** Values that replaced others, and the others. */
  private readonly origins = new Map<Value, Value>();

  /** Says that a value stands where another one stood, so that it takes over its name unless it has one. */
  replace(value: Value, by: Value): void {
    if (value !== by && !this.origins.has(by)) this.origins.set(by, value);
  }

  /** The name of a value without `%`; `hint` is the one that it carries, or empty. */
  nameOf(value: Value, hint: string, scope: string): string {
    const known = this.scopeOf(scope);
    return known.names.get(value) ?? this.inherited(value, known) ?? this.fresh(value, hint, known);
  }

  private scopeOf(name: string): Scope {
    const known = this.scopes.get(name) ?? { names: new Map(), taken: new Set(), next: new Map() };
    this.scopes.set(name, known);
    return known;
  }

  /** The name of the value that this one replaced; each name goes on to one value only. */
  private inherited(value: Value, scope: Scope): string | undefined {
    const seen = new Set<Value>([value]);
    for (let origin = this.origins.get(value); origin && !seen.has(origin); origin = this.origins.get(origin)) {
      seen.add(origin);
      const name = scope.names.get(origin);
      if (name === undefined) continue;
      scope.names.delete(origin);
      scope.names.set(value, name);
      return name;
    }
    return undefined;
  }

  private fresh(value: Value, hint: string, scope: Scope): string {
    const stem = hint === '' ? stemOf(value) : hint;
    let name = hint === '' ? `${stem}_0` : stem;
    for (let number = scope.next.get(stem) ?? 0; scope.taken.has(name); number++) {
      name = `${stem}_${number}`;
      scope.next.set(stem, number + 1);
    }
    scope.taken.add(name);
    scope.names.set(value, name);
    return name;
  }
}

/** What made the value: `add` for a result of `ms.add`, `arg` for an argument. */
function stemOf({ owner }: Value): string {
  if (owner instanceof Block) return 'arg';
  const stem = owner.name.slice(owner.name.lastIndexOf('.') + 1).replace(/[^\w]/g, '_');
  return /^[A-Za-z_]/.test(stem) ? stem : `_${stem}`;
}
