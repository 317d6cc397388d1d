/** Files of tensors: numpy, MindSpore checkpoints, safetensors; formula weights. */
export type { FormatError, FormatProblem } from './fault.ts';
export type { SkippedEntry, TensorEntry, TensorFile, TensorFormat } from './file.ts';
export { readAll } from './file.ts';
export { maxTensorBytes, tensorBytes, tensorFromBytes, type FileTensor, type TensorData } from './tensor.ts';
export { openTensorBytes, openTensorFile } from './open.ts';
export { encodeNpy } from './npy.ts';
export { readNpz, writeNpz } from './npz.ts';
export { checkpointPieces, readCheckpoint, writeCheckpoint, type CheckpointOptions } from './checkpoint.ts';
export { readSafetensors, writeSafetensors } from './safetensors.ts';
export { fnv1a32, formulaInput, formulaIntegers, formulaKind, formulaWeights, type FormulaKind } from './formula.ts';
export { matchWeights, readWeight, type WantedParameter, type WeightMatch, type WeightMismatch } from './weights.ts';
export { canConvert, convertTensor } from './convert.ts';
export * from './onnx/index.ts';
