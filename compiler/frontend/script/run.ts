/** A Python file run as a program, as under `python`; its tensors live on a device. */
import type { Diagnostic } from '../../ir/index.ts';
import type { Host } from '../eval/index.ts';
import { createRuntime, type NetworkRequest } from '../network/compile.ts';
import { withSuggestion } from '../network/suggest.ts';
import type { OutputGate } from './cells.ts';
import type { Device } from './device.ts';
import { filesModule, type ArrayCodec } from './files.ts';
import { scriptModule } from './module.ts';

export interface ScriptRequest extends Pick<NetworkRequest, 'host' | 'file' | 'prelude' | 'roots' | 'limits'> {
  readonly device: Device;
  readonly codec: ArrayCodec;
}

/** Runs the file; what it gives back is what went wrong. */
export function runScript(request: ScriptRequest): readonly Diagnostic[] {
  const output = new HeldOutput(request.host);
  const { python, tensors } = createRuntime({ ...request, host: output.host }, (session) => [
    scriptModule(session, request.device, output),
    filesModule(request.codec),
  ]);
  const ran = python.importFile(request.file, 'script');
  const found = [...python.interpreter.diagnostics, ...(ran.ok ? [] : ran.error)];
  return found.map((diagnostic) => withSuggestion(python.interpreter, tensors.tensorClass, diagnostic));
}

/** A host whose output can be kept back. */
class HeldOutput implements OutputGate {
  readonly host: Host;
  private readonly target: Host;
  private readonly held: string[][] = [];

  constructor(target: Host) {
    this.target = target;
    this.host = { ...target, writeOutput: (text) => this.write(text) };
  }

  private write(text: string): void {
    const innermost = this.held.at(-1);
    if (innermost) innermost.push(text);
    else this.target.writeOutput(text);
  }

  hold(): void {
    this.held.push([]);
  }

  release(isWanted: boolean): void {
    const texts = this.held.pop() ?? [];
    if (isWanted) for (const text of texts) this.write(text);
  }
}
