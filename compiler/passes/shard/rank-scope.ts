/** The forms in which one rank has a value: the same tensor in several layouts, for all micro-batches or one of them. */
import type { Value } from '../../ir/index.ts';
import type { Layout } from './layout.ts';

export interface Form {
  readonly layout: Layout;
  readonly value: Value;
}

/** The instance of a value that is no micro-batch's alone. */
export const ALL = -1;

/** Forms by value and micro-batch; inner regions see those of outer ones and keep their own. */
export class RankScope {
  private readonly outer: RankScope | null;
  private readonly forms = new Map<Value, Map<number, Form[]>>();

  constructor(outer: RankScope | null = null) {
    this.outer = outer;
  }

  add(value: Value, instance: number, form: Form): void {
    const instances = this.forms.get(value) ?? new Map<number, Form[]>();
    const forms = instances.get(instance) ?? [];
    forms.push(form);
    instances.set(instance, forms);
    this.forms.set(value, instances);
  }

  of(value: Value, instance: number): readonly Form[] {
    const own = this.forms.get(value)?.get(instance) ?? [];
    return this.outer === null ? own : [...this.outer.of(value, instance), ...own];
  }
}
