/** The commands as data: what the help and the completion show. `loaders.ts` has their code. */
import type { Options } from 'yargs';
import { optHelp } from './opt-help.ts';
import { compileOptions, jsonOption, option, sourceOptions } from './options.ts';

export const commandNames = [
  'compile',
  'run',
  'check',
  'plan',
  'inspect',
  'opt',
  'reduce',
  'asm',
  'disasm',
  'ops',
  'explain',
  'lsp',
  'doctor',
  'completion',
] as const;

export type CommandName = (typeof commandNames)[number];

export interface Command {
  readonly name: CommandName;
  /** The words after the name, as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Options>>;
}

const weightsOptions = {
  weights: option.text("weights: .npz, .ckpt, .safetensors, or 'formula'"),
  'weights-strict': option.flag('weights that the network does not use are an error'),
};

const clusterOptions = {
  cluster: option.text('for the devices of a cluster, e.g. 910b1:1x8, as the network says how it is divided'),
  plan: option.text('with --cluster: auto, or a strategy.json of msc plan, says how the network is divided'),
  fix: option.text('choices of --plan auto that you made, e.g. data=2,tensor=2'),
  memory: option.text('memory of a device that --plan auto may use, e.g. 58GiB'),
  'local-batch-statistics': option.flag(
    "with data parallelism: batch normalization by each rank's own slice, running statistics of rank 0 (MindSpore's)",
  ),
};

const reportOption = { report: option.text('write what happened as one offline page (see msc inspect)') };

export const commands: readonly Command[] = [
  {
    name: 'compile',
    usage: 'FILE',
    summary: 'compile a network to a program file, or show a stage of it',
    options: {
      ...compileOptions,
      ...weightsOptions,
      ...jsonOption,
      ...reportOption,
      ...clusterOptions,
      output: option.text('where the result goes; - is stdout', { alias: 'o' }),
      emit: option.text(
        'what to print instead: ast, source, graph, fused, tile, scheduled, asm, onnx; with --cluster also sharded, for each rank',
      ),
      'compile-to': option.text('stop at this stage and print it'),
      'print-debuginfo': option.flag('print source locations'),
    },
  },
  {
    name: 'run',
    usage: 'FILE|PROGRAM',
    summary: 'compile a network, or take a program file, and run it on the simulated NPU',
    options: {
      ...compileOptions,
      ...weightsOptions,
      ...jsonOption,
      ...reportOption,
      inputs: option.text("arrays by the names of construct's parameters: .npz, 'formula', or 'formula,FILE.npz'"),
      outputs: option.text('write the outputs as .npz'),
      check: option.flag('compare with expected.outN of the inputs file, else with the reference evaluation'),
      rtol: option.number('limit of --check instead of 1e-4 (f32) and 1e-2 (f16)'),
      timing: option.flag('tell the simulated time of each launch'),
      trace: option.text('write a Chrome trace of the simulated pipes'),
      ...clusterOptions,
      sanitize: option.flag('look for races and missing flags (also --sanitize=race)'),
      'sanitize-nan': option.flag('stop at the first NaN that an op makes (also --sanitize=nan)'),
      'sanitize-inf': option.flag('stop at the first NaN or infinity (also --sanitize=inf)'),
      threads: option.number('threads that simulate cores'),
      relaxed: {
        type: 'boolean',
        default: true,
        describe: 'let float mad fuse multiply and add (--no-relaxed: bit-exact)',
      },
    },
  },
  {
    name: 'check',
    usage: 'FILE',
    summary: 'tell all problems of a network without writing anything',
    options: { ...compileOptions, ...jsonOption },
  },
  {
    name: 'plan',
    usage: 'FILE --cluster CLUSTER',
    summary: 'choose how to train a network on a cluster, and say why',
    options: {
      ...sourceOptions,
      ...jsonOption,
      ...reportOption,
      cluster: option.text('FAMILY:SERVERSxDEVICES such as 910b1:2x8, or a YAML file'),
      memory: option.text('memory of a device that a plan may use, e.g. 58GiB'),
      'global-batch': option.number('samples of a training step (default: those of --input on each device)'),
      compute: option.text('type of the training computation: bf16 (default), f16, f32'),
      fix: option.text('choices that you made, e.g. tensor=8,pipeline=4'),
      why: option.text('choices to compare with, e.g. tensor=8: why the plan does not make them'),
      compare: option.text('a MindFormers configuration to compare with'),
      explain: option.flag('say what each choice costs and what the next best would'),
      certify: option.flag('let HiGHS prove the searches inside layers, and say its bound and gap'),
      emit: option.text('strategy.json (MindSpore), mindformers.yaml, graph.mlir (for msc run --cluster)'),
      output: option.text('where the emitted file goes, or the folder of several', { alias: 'o' }),
      'compile-from': option.text('start from IR text of this stage'),
    },
  },
  {
    name: 'inspect',
    usage: 'FILE|PROGRAM',
    summary: 'show what the compiler and the machine did, as one offline page',
    options: {
      ...compileOptions,
      ...jsonOption,
      ...clusterOptions,
      output: option.text('where the page goes (default: NAME.html), or the folder of --export; - is stdout', {
        alias: 'o',
      }),
      text: option.flag('print the facts instead of writing a page'),
      compare: option.text('mark what differs from another network, or from the page or JSON of an earlier inspection'),
      'compare-entry': option.text('--entry of the network to compare with (default: the same)'),
      export: option.text('write instead of a page: chrome-trace, model-explorer, graphviz, csv, onnx'),
      'trace-events': option.number('instructions in time that the page holds at most'),
      serve: option.flag('show the page on a port of this machine, and compile again when the source changes'),
      port: option.number('port of --serve (default: one that is free)'),
    },
  },
  {
    name: 'opt',
    usage: 'FILE',
    summary: 'run passes over IR text, with the flags of mlir-opt',
    options: optHelp,
  },
  {
    name: 'reduce',
    usage: "FILE --test 'COMMAND'",
    summary: 'make IR text smaller while a command succeeds for it',
    options: {
      ...jsonOption,
      test: option.text('command that exits with 0 for a module worth keeping; {} stands for its file'),
      'max-attempts': option.number('attempts after which to stop'),
      output: option.text('where the text goes; - is stdout', { alias: 'o', default: '-' }),
    },
  },
  {
    name: 'asm',
    usage: 'FILE',
    summary: 'assemble text to instruction words',
    options: { ...jsonOption, output: option.text('where the words go; - is stdout', { alias: 'o', default: '-' }) },
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
  },
  {
    name: 'ops',
    usage: '[NAME]',
    summary: 'list the tensor ops, or describe one; --isa lists the instructions',
    options: { ...jsonOption, isa: option.flag('the instructions of the machine instead') },
  },
  {
    name: 'explain',
    usage: '[CODE]',
    summary: 'explain a diagnostic, with a wrong and a right program',
    options: { ...jsonOption },
  },
  {
    name: 'lsp',
    usage: '',
    summary: 'serve an editor: diagnostics, types and definitions in net.py and .mlir, over stdin and stdout',
    options: { stdio: option.flag('what many editors pass; there is no other way') },
  },
  {
    name: 'doctor',
    usage: '',
    summary: 'check what this machine offers to the simulator',
    options: { ...jsonOption },
  },
  {
    name: 'completion',
    usage: '[SHELL]',
    summary: 'print a completion script for bash or zsh',
    options: {},
  },
];

/** Commands of the plan that this version does not have. */
export const laterCommands: ReadonlySet<string> = new Set(['bench']);
