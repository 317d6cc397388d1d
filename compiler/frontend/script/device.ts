/** What a script runs its graphs on. `tools` makes it of the compiler and the simulator. */
import type { Diagnostic, ElementArray, Module, Result } from '../../ir/index.ts';

/** An assertion of the script that did not hold on the device. */
export interface FailedAssertion {
  readonly assertion: string;
}

/** A graph that is compiled and loaded, with its parameters in the memory of the device. */
export interface LoadedGraph {
  /** Gives an argument of `@main`, by its name, its elements. */
  set(argument: string, elements: ElementArray): void;
  /** Runs `@main` once, printing as it does; parameters whose new values are results hold them afterwards. */
  run(print: (text: string) => void): readonly Diagnostic[] | FailedAssertion;
  /** A copy of the elements of a result. */
  result(index: number): ElementArray;
  /** A copy of the elements that a parameter holds now. */
  parameter(name: string): ElementArray;
}

/** Compiles graphs of stage @source and keeps them loaded. */
export interface Device {
  load(module: Module): Result<LoadedGraph, readonly Diagnostic[]>;
}
