/** What the command line itself says to users: MSC07xx about programs, MSC08xx about its data, MSC09xx about data files. */
import type { DiagnosticDefinition } from '../../compiler/ir/support/index.ts';

type Row<Parameters extends readonly unknown[]> = Pick<
  DiagnosticDefinition<Parameters>,
  'code' | 'title' | 'message' | 'explanation'
> &
  Partial<Pick<DiagnosticDefinition<Parameters>, 'severity' | 'exitClass' | 'help' | 'wrong' | 'right'>>;

function define<Parameters extends readonly unknown[]>(row: Row<Parameters>): DiagnosticDefinition<Parameters> {
  return { severity: 'error', exitClass: 'user-error', help: null, wrong: null, right: null, ...row };
}

const list = (names: readonly string[]): string =>
  names.length <= 12
    ? names.map((name) => `'${name}'`).join(', ')
    : `${list(names.slice(0, 12))} and ${names.length - 12} more`;

export const cliDiagnostics = {
  badProgram: define<[path: string, place: string, message: string]>({
    code: 'MSC0701',
    title: 'a program file that cannot be read',
    message: (path, place, message) => `${path}: ${place}: ${message}`,
    help: () => 'write the program again with msc compile',
    explanation:
      'A program file is a zip archive with a manifest and checked sections. This one is cut off, changed, or was written by another version.',
  }),
  fault: define<[text: string]>({
    code: 'MSC0702',
    title: 'the program did something that the machine does not allow',
    message: (text) => `the program faulted: ${text}`,
    explanation:
      'An instruction reached outside its memory, was misaligned, or all cores wait for each other. The core, the word index and the pipe are shown.',
  }),
  race: define<[text: string]>({
    code: 'MSC0703',
    exitClass: 'wrong-result',
    title: 'the race check found a defect',
    message: (text) => `sanitize: ${text}`,
    explanation:
      'Two accesses conflict and no flag orders them, memory is read before it is written, or flags do not balance.',
  }),
  simulatorLimit: define<[bytes: number, limit: number]>({
    code: 'MSC0704',
    exitClass: 'does-not-fit',
    title: 'simulator limit',
    message: (bytes, limit) => `simulator limit: the program needs ${bytes} bytes of memory, there are ${limit}`,
    explanation: 'Simulated memory is at most 4 GiB. A larger program compiles, but cannot run here.',
  }),
  undecodable: define<[kernel: string, word: number]>({
    code: 'MSC0705',
    title: 'an instruction stream does not decode',
    message: (kernel, word) => `kernel '${kernel}': word ${word} is no instruction`,
    explanation: 'A word of an instruction stream has an opcode that the instruction table does not have.',
  }),
  unknownTarget: define<[target: string, known: readonly string[]]>({
    code: 'MSC0706',
    title: 'unknown target',
    message: (target, known) => `there is no chip '${target}'; known: ${known.join(', ')}`,
    explanation: '`--target` names a chip of the table in runtime/target; `msc doctor` lists them.',
  }),
  assembly: define<[message: string]>({
    code: 'MSC0707',
    title: 'wrong assembly text',
    message: (message) => message,
    explanation:
      'Each line of assembly is a label, an instruction with its operands, `.loc N` or `.word N`; `msc ops --isa` lists the instructions.',
    wrong: 'vadd_f32 X1\nend\n',
    right: 'move X1, 0x20\nend\n',
  }),
  needsDevices: define<[operation: string]>({
    code: 'MSC0708',
    title: 'a program for several devices',
    message: (operation) => `the program waits in ${operation} for other devices, and it runs alone`,
    help: () => 'run the programs of all ranks together',
    explanation:
      'The program is one of a set, one for each device: it takes part in collectives or messages. Alone it cannot go on.',
  }),
  communication: define<[message: string]>({
    code: 'MSC0720',
    title: 'ranks that do not meet',
    message: (message) => message,
    explanation:
      'Ranks of one program meet in collectives and messages: every rank of a group must come to the same collectives in the same order, with one operation, reduction, element type and size; a message needs a receiver. Each rank concerned is shown with the line where it waits.',
  }),
  rankCount: define<[programs: number, devices: number]>({
    code: 'MSC0721',
    title: 'not one program for each device',
    message: (programs, devices) => `${programs} programs for ${devices} devices`,
    help: (programs, devices) =>
      `take a cluster of ${programs}, or divide the network over ${devices} (device_num of set_auto_parallel_context, the device matrix of its Layout)`,
    explanation: 'Each device of a cluster runs a program of its own: there must be as many of one as of the other.',
  }),
  noLayout: define<[file: string]>({
    code: 'MSC0723',
    title: 'a network that says nothing of devices',
    message: (file) => `${file}: nothing says how the network is divided over devices`,
    help: () =>
      'let msc divide it with --plan auto, or say set_auto_parallel_context(parallel_mode=…) in the file, as .shard() needs it too; without --cluster it is for one device',
    explanation:
      '`--cluster` makes one program for each device. How tensors are divided comes from the source (the parallel context, `.shard()` with layouts, pipeline stages) or from `--plan`.',
  }),
  noPrograms: define<[device: string]>({
    code: 'MSC0724',
    exitClass: 'unsupported',
    title: 'a device without programs',
    message: (device) => `'${device}' can be planned for, but no programs are made for it`,
    help: () => 'name a cluster of a chip that msc doctor lists',
    explanation:
      'A cluster description may name any device with its figures. Programs are compiled for known chips only.',
  }),
  assertionFailed: define<[message: string]>({
    code: 'MSC0726',
    title: 'an assertion that did not hold',
    message: (message) => (message === '' ? 'an assertion of the network failed' : `an assertion failed: ${message}`),
    explanation: 'An `assert` on a tensor runs on the device, and the run ends where it does not hold.',
  }),
  noLocalStatistics: define<[file: string]>({
    code: 'MSC0727',
    title: 'no ranks with statistics of their own',
    message: (file) => `${file}: --local-batch-statistics is for networks that say that they are data parallel`,
    help: () =>
      "call set_auto_parallel_context(parallel_mode='data_parallel', device_num=…) in the network, or leave the flag out",
    explanation:
      "In MindSpore's data parallelism each rank normalizes its slice of the batch by the mean and variance of that slice. Other ways to divide a network (`.shard()`, `--plan`) compute what one device computes, and so does data parallelism without the flag. IR text has its statistics already.",
  }),
  endlessLoop: define<[]>({
    code: 'MSC0725',
    title: 'a loop that does not end',
    message: () => 'a loop on a tensor has turned a hundred thousand times',
    help: () => 'see that what the loop computes makes its condition false',
    explanation:
      'A `while` on a tensor runs on the device until its condition is false. After a hundred thousand turns of one loop the run is given up.',
  }),
  copiesDiffer: define<[result: number, ranks: readonly number[]]>({
    code: 'MSC0722',
    exitClass: 'wrong-result',
    title: 'copies that differ',
    message: (result, ranks) => `ranks ${ranks.join(' and ')} hold different copies of result ${result}`,
    explanation:
      'A result that several ranks hold in whole must be the same on all of them, bit by bit. It is not: the program of a rank computes something else.',
  }),
  badValue: define<[value: string, element: number, dtype: string, kernel: string]>({
    code: 'MSC0709',
    exitClass: 'wrong-result',
    title: 'a result that is no number',
    message: (value, element, dtype, kernel) =>
      `sanitize: ${value} in element ${element} of the ${dtype} result of ${kernel}`,
    explanation:
      '`--sanitize=nan` looks at the result of every launch and stops at the first NaN: the op at the place shown computed it from inputs without one.',
  }),
  cannotRead: define<[path: string, reason: string]>({
    code: 'MSC0801',
    title: 'a file cannot be read',
    message: (path, reason) => `cannot read ${path}: ${reason}`,
    explanation: 'A file that the command line names does not exist or may not be read.',
  }),
  cannotWrite: define<[path: string, reason: string]>({
    code: 'MSC0802',
    title: 'a file cannot be written',
    message: (path, reason) => `cannot write ${path}: ${reason}`,
    explanation: 'The result of the command cannot be written where -o, --outputs or --trace says.',
  }),
  unknownKeys: define<[keys: readonly string[], inputs: readonly string[]]>({
    code: 'MSC0803',
    title: 'an array is no input',
    message: (keys, inputs) => `${list(keys)} in the inputs file: no such input; the network takes ${list(inputs)}`,
    help: () => "rename the key to the parameter of construct, or to 'label' or 'expected.out0'",
    explanation:
      "The keys of an inputs file are the names of construct's parameters; 'label' and 'expected.outN' have their own meaning. Other keys are errors, so that a misspelt input is found.",
  }),
  missingInputs: define<[names: readonly string[]]>({
    code: 'MSC0804',
    title: 'an input has no value',
    message: (names) => `no value for the input ${list(names)}`,
    help: (names) => `give ${names.length === 1 ? 'it' : 'them'} with --inputs FILE.npz, or use --inputs formula`,
    explanation: 'A run needs a value for each input of the network.',
  }),
  inputMismatch: define<[name: string, expected: string, found: string]>({
    code: 'MSC0805',
    title: 'an input has another shape or type',
    message: (name, expected, found) => `the input '${name}' is ${expected}, the file has ${found}`,
    explanation:
      'The array in the inputs file does not have the shape or element type for which the network was compiled.',
  }),
  missingWeights: define<[names: readonly string[]]>({
    code: 'MSC0806',
    title: 'parameters without a value',
    message: (names) => `the weights file has no value for ${list(names)}`,
    explanation:
      "Weights are found by MindSpore's parameter names (and a common prefix). Each parameter of the network needs one.",
  }),
  weightMismatch: define<[name: string, expected: string, found: string]>({
    code: 'MSC0807',
    title: 'a weight has another shape or type',
    message: (name, expected, found) => `the parameter '${name}' is ${expected}, the weights file has ${found}`,
    explanation: 'The file was written for another network, or for this one with other arguments.',
  }),
  extraWeights: define<[names: readonly string[]]>({
    code: 'MSC0808',
    severity: 'warning',
    title: 'weights that belong to no parameter',
    message: (names) => `the weights file has ${list(names)}, which the network does not use`,
    explanation: 'Often the state of an optimizer. With --weights-strict this is an error.',
  }),
  wrongResult: define<[output: string, error: string, limit: string, against: string]>({
    code: 'MSC0809',
    exitClass: 'wrong-result',
    title: 'a result differs from what is expected',
    message: (output, error, limit, against) => `${output} differs from ${against}: error ${error}, limit ${limit}`,
    help: () => '--rtol X changes the limit',
    explanation:
      'The error of an output is max|a-b| / max|b|. With --check it must not exceed 1e-4 for f32 and 1e-2 for f16; integers must be equal.',
  }),
  nothingToCheck: define<[reason: string]>({
    code: 'MSC0810',
    title: 'nothing to check against',
    message: (reason) => `--check has nothing to compare with: ${reason}`,
    help: () => "put 'expected.out0', … into the inputs file, or run the source instead of the program file",
    explanation: 'A program file no longer has the graph that the oracle evaluates.',
  }),
  oracleStopped: define<[message: string]>({
    code: 'MSC0811',
    title: 'the oracle stopped',
    message: (message) => `the reference evaluation of --check stopped: ${message}`,
    explanation: 'An assertion of the network failed for these inputs, or an op has no defined result.',
  }),
  expectedMismatch: define<[key: string, expected: string, found: string]>({
    code: 'MSC0812',
    title: 'an expected output has another shape',
    message: (key, expected, found) => `'${key}' is ${found}, the output is ${expected}`,
    explanation: "An array 'expected.outN' must have the shape of the output of that number.",
  }),
  cannotDraw: define<[name: string, initializer: string]>({
    code: 'MSC0813',
    exitClass: 'unsupported',
    title: 'an initializer that cannot be drawn',
    message: (name, initializer) =>
      `the parameter '${name}' begins as ${initializer}, which this version of msc cannot draw`,
    help: () => 'give its value with --weights',
    explanation:
      'Without weights each parameter is drawn by its initializer. A few of them need the whole matrix at once and are not built yet.',
  }),
  noValue: define<[names: readonly string[]]>({
    code: 'MSC0814',
    title: 'parameters have no initial value',
    message: (names) => `no value for the parameters ${list(names)}`,
    help: () => 'give them with --weights FILE, or use --weights formula',
    explanation: 'IR text says no initializer for these parameters.',
  }),
  notExported: define<[message: string]>({
    code: 'MSC0815',
    exitClass: 'unsupported',
    title: 'no ONNX form',
    message: (message) => `cannot be written as ONNX: ${message}`,
    explanation: 'The exporter has no ONNX spelling for an op of the network.',
  }),
  symbolicInput: define<[name: string, type: string]>({
    code: 'MSC0816',
    exitClass: 'unsupported',
    title: 'a symbolic dimension',
    message: (name, type) => `the input '${name}' is ${type}: this version of msc compiles for fixed shapes only`,
    help: (name) => `say the extents, for example --input ${name}=1x3x224x224:f32`,
    explanation: 'Symbolic dimensions parse and are carried by the IR, but kernels are made for numbers.',
  }),
  badLabel: define<[found: string]>({
    code: 'MSC0817',
    title: 'the labels do not fit',
    message: (found) => `'label' is ${found}; it must be one integer for each row of an output of rank 2`,
    explanation: "The key 'label' of an inputs file holds one class number for each row of the logits.",
  }),
  noMain: define<[file: string]>({
    code: 'MSC0818',
    title: 'there is no @main',
    message: (file) => `${file} has no function @main with a body`,
    explanation: 'The function that a program runs is called @main.',
  }),
  notOfStage: define<[stage: string, message: string]>({
    code: 'MSC0819',
    title: 'IR text that no pass makes',
    message: (stage, message) => `this text cannot be compiled from stage ${stage}: ${message}`,
    help: () => 'begin from an earlier stage, whose text is checked completely',
    explanation:
      'The texts of @fused, @tile and @scheduled are read back as the passes print them. Other forms are refused when a later pass meets them.',
  }),
  notInteresting: define<[test: string]>({
    code: 'MSC0820',
    title: 'the test fails from the beginning',
    message: (test) =>
      `the command '${test}' does not succeed for the whole file, so there is nothing to keep while reducing`,
    help: () => 'the command must exit with 0 while the module is still interesting',
    explanation: '`msc reduce` makes a module smaller for as long as the command of --test exits with 0.',
  }),
  doubleInput: define<[name: string, type: string]>({
    code: 'MSC0821',
    exitClass: 'unsupported',
    title: 'an input of float64',
    message: (name, type) => `the input '${name}' is ${type}; the NPU has no arithmetic for f64`,
    help: () => 'save the array as float32: numpy.savez(file, x=x.astype(numpy.float32))',
    explanation: 'NumPy makes float64 arrays unless told otherwise, while networks compute in float32.',
  }),
  badOption: define<[message: string]>({
    code: 'MSC0822',
    title: 'an option of the library that means nothing',
    message: (message) => message,
    explanation:
      'The functions of the library take what the options of the commands take; on the command line this is a usage error.',
  }),
  badReport: define<[path: string, message: string]>({
    code: 'MSC0823',
    title: 'a report that cannot be read',
    message: (path, message) => `${path}: ${message}`,
    help: () => 'make it again: msc inspect FILE.py -o OUT.html, or --json for data',
    explanation:
      'Another report to compare with is the page that msc inspect wrote, or its answer to --json. This file is neither, is cut off, or was written by another version.',
  }),
  badFile: define<[path: string, message: string, offset: number | null]>({
    code: 'MSC0901',
    title: 'a data file that cannot be read',
    message: (path, message, offset) => `${path}: ${message}${offset === null ? '' : ` (at byte ${offset})`}`,
    explanation:
      'A file of arrays or weights is cut off, contradicts its own format, or is no npz, npy, ckpt or safetensors file.',
  }),
  unsupportedFile: define<[path: string, message: string, offset: number | null]>({
    code: 'MSC0902',
    exitClass: 'unsupported',
    title: 'a data file that uses what msc does not read',
    message: (path, message, offset) => `${path}: ${message}${offset === null ? '' : ` (at byte ${offset})`}`,
    explanation:
      'The file is legal, but holds element types or encodings that msc does not read, such as Python objects.',
  }),
} as const;
