/** The progress line of a script on a terminal: what the device does, some times a second. */
import type { Io } from '../io.ts';
import { Progress } from '../report.ts';
import type { DeviceObserver } from './device.ts';

const MILLISECONDS_BETWEEN = 100;

export class ScriptProgress implements DeviceObserver {
  private readonly io: Io;
  private readonly line: Progress;
  private readonly file: string;
  private readonly started: number;
  private shown = Number.NEGATIVE_INFINITY;
  private compiled = 0;

  constructor(io: Io, file: string, isQuiet: boolean) {
    this.io = io;
    this.file = file;
    this.line = new Progress(io, isQuiet);
    this.started = io.now();
  }

  compiling(graphs: number): void {
    this.compiled = graphs;
    this.show(`compiling graph ${graphs}`, true);
  }

  running(runs: number): void {
    const seconds = (this.io.now() - this.started) / 1000;
    this.show(`${runs} runs of ${this.compiled} graphs, ${seconds.toFixed(0)} s`, false);
  }

  /** Clears the line, so that the script can print. */
  clear(): void {
    if (this.shown === Number.NEGATIVE_INFINITY) return;
    this.line.end();
    this.shown = Number.NEGATIVE_INFINITY;
  }

  private show(text: string, isDue: boolean): void {
    const now = this.io.now();
    if (!isDue && now - this.shown < MILLISECONDS_BETWEEN) return;
    this.shown = now;
    this.line.show(`${this.file}: ${text}`);
  }
}
