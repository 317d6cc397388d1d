/** The frontend: MindSpore source in, @source module out. */
export { compileNetwork, createRuntime } from './network/compile.ts';
export type { CompiledNetwork, NetworkParameter, NetworkRequest, NetworkTensor, Runtime } from './network/compile.ts';
export type { InputSpecification } from './network/inputs.ts';
export type { SeenTensors, TensorWatcher } from './trace/watch.ts';
export { preludeModules, type PreludeReader } from './prelude/modules.ts';
export { drawInitializer, type Initializer, type InitializerKind } from './trace/initializer.ts';
export { traceDiagnostics } from './trace/diagnostics.ts';
export { evaluatorDiagnostics, type Host, type Limits, type ReadResult } from './eval/index.ts';
export { parsePython } from './syntax/index.ts';
export { graphText } from './library/mindspore/tensor-text.ts';
export { isScript } from './script/detect.ts';
export { runScript, type ScriptRequest } from './script/run.ts';
export type { Device, FailedAssertion, LoadedGraph } from './script/device.ts';
export type { ArrayCodec, ArrayFormat, FileArray } from './script/files.ts';
