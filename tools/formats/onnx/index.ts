/** ONNX models: plain data, a builder, the protobuf bytes, and the export of networks. */
export {
  onnxDataType,
  writeOnnx,
  writeOnnxWithExternalData,
  type OnnxAttribute,
  type OnnxFiles,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
} from './model.ts';
export { float as onnxFloat, OnnxGraphBuilder, type OnnxArgument } from './builder.ts';
export { exportOnnx, type OnnxExport, type OnnxProblem } from './export.ts';
export { onnxRules } from './table.ts';
