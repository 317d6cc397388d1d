/** The commands as data. Each one's code is imported when it runs. */
import type { Options } from 'yargs';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { compileOptions, jsonOption, option } from './options.ts';

export interface Command {
  readonly name: string;
  /** The words after the name, as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Options>>;
  readonly load: () => Promise<{ readonly run: (args: Arguments, io: Io) => Promise<ExitCode> }>;
}

const weightsOptions = {
  weights: option.text("weights: .npz, .ckpt, .safetensors, or 'formula'"),
  'weights-strict': option.flag('weights that the network does not use are an error'),
};

export const commands: readonly Command[] = [
  {
    name: 'compile',
    usage: 'FILE',
    summary: 'compile a network to a program file, or show a stage of it',
    options: {
      ...compileOptions,
      ...weightsOptions,
      ...jsonOption,
      output: option.text('where the result goes; - is stdout', { alias: 'o' }),
      emit: option.text('what to print instead: ast, source, graph, fused, tile, scheduled, asm, onnx'),
      'compile-to': option.text('stop at this stage and print it'),
      'print-debuginfo': option.flag('print source locations'),
    },
    load: () => import('./commands/compile.ts'),
  },
  {
    name: 'run',
    usage: 'FILE|PROGRAM',
    summary: 'compile a network, or take a program file, and run it on the simulated NPU',
    options: {
      ...compileOptions,
      ...weightsOptions,
      ...jsonOption,
      inputs: option.text("arrays by the names of construct's parameters: .npz, or 'formula'"),
      outputs: option.text('write the outputs as .npz'),
      check: option.flag('compare with expected.outN of the inputs file, else with the reference evaluation'),
      rtol: option.number('limit of --check instead of 1e-4 (f32) and 1e-2 (f16)'),
      timing: option.flag('tell the simulated time of each launch'),
      trace: option.text('write a Chrome trace of the simulated pipes'),
      sanitize: option.flag('look for races and missing flags'),
      threads: option.number('threads that simulate cores'),
      relaxed: { type: 'boolean', default: true, describe: 'let float mad fuse multiply and add (--no-relaxed: bit-exact)' },
    },
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'check',
    usage: 'FILE',
    summary: 'tell all problems of a network without writing anything',
    options: { ...compileOptions, ...jsonOption },
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'opt',
    usage: 'FILE',
    summary: 'run passes over IR text, with the flags of mlir-opt',
    options: {},
    load: () => import('./commands/opt.ts'),
  },
  {
    name: 'asm',
    usage: 'FILE',
    summary: 'assemble text to instruction words',
    options: { ...jsonOption, output: option.text('where the words go; - is stdout', { alias: 'o', default: '-' }) },
    load: () => import('./commands/asm.ts'),
  },
  {
    name: 'disasm',
    usage: 'FILE',
    summary: 'show instruction words or a program file as assembly',
    options: {
      ...jsonOption,
      output: option.text('where the text goes; - is stdout', { alias: 'o', default: '-' }),
      kernel: option.text('only this kernel of a program'),
      names: option.flag('write the name of each operand'),
    },
    load: () => import('./commands/disasm.ts'),
  },
  {
    name: 'ops',
    usage: '[NAME]',
    summary: 'list the tensor ops, or describe one; --isa lists the instructions',
    options: { ...jsonOption, isa: option.flag('the instructions of the machine instead') },
    load: () => import('./commands/ops.ts'),
  },
  {
    name: 'explain',
    usage: '[CODE]',
    summary: 'explain a diagnostic, with a wrong and a right program',
    options: { ...jsonOption },
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'doctor',
    usage: '',
    summary: 'check what this machine offers to the simulator',
    options: { ...jsonOption },
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    usage: '[SHELL]',
    summary: 'print a completion script for bash or zsh',
    options: {},
    load: () => import('./commands/completion.ts'),
  },
];

/** Commands of the plan that this version does not have. */
export const laterCommands: ReadonlySet<string> = new Set(['plan', 'inspect', 'reduce', 'bench', 'lsp']);
