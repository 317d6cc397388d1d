/** The same network in onnxruntime-web, on its WebAssembly backend. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { CompiledNetwork } from './simulator.ts';

/** A session that runs on the same input each time. */
export interface PeerNetwork {
  readonly run: () => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/** The number of threads holds for the whole process: the first session decides. */
export async function openPeer({ onnx, program, input }: CompiledNetwork, threads: number): Promise<PeerNetwork> {
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const feeds = { [program.inputs[0].name]: new Tensor('float32', input.data as Float32Array, input.shape) };
  return {
    run: async () => {
      const { out0 } = await session.run(feeds);
      if (!(out0.data instanceof Float32Array)) throw new Error('onnxruntime-web gave no f32');
      return out0.data;
    },
    close: () => session.release(),
  };
}
