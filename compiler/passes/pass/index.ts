export * from './pass.ts';
export { parsePipeline, pipelineText } from './pipeline-text.ts';
export * from './run-pipeline.ts';
export * from './instrumentation.ts';
export * from './report.ts';
export { passDiagnostics } from './diagnostics.ts';
