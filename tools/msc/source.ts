/** What is compiled: a network of a Python file, or the text of a stage. */
import type { SourceFile } from '../../compiler/ir/index.ts';
import type { Host, InputSpecification, Limits, TensorWatcher } from '../../compiler/frontend/index.ts';
import type { ModuleStage } from './pipeline.ts';

/** A Python file and the network in it. */
export interface NetworkSource {
  readonly kind: 'network';
  readonly file: string;
  /** Working directory. */
  readonly folder: string;
  readonly entry: string | null;
  readonly inputs: readonly InputSpecification[];
  readonly roots: readonly string[];
  readonly readable: readonly string[];
  readonly limits: Partial<Limits>;
  readonly scriptArguments: readonly string[];
  /** Receives what the Python code prints. */
  readonly print: (text: string) => void;
  /** Statistics of batch normalization are those of each rank's slice. */
  readonly localStatistics?: boolean;
  /** Devices that the network is for, where the source does not tell. */
  readonly devices?: number;
  /** Puts something between the Python code and the files, such as the unsaved texts of an editor. */
  readonly wrapHost?: (host: Host) => Host;
  /** Hears of the tensors that flow through the user's expressions. */
  readonly watch?: TensorWatcher;
}

/** IR text at some stage. */
export interface TextSource {
  readonly kind: 'text';
  readonly file: SourceFile;
  readonly stage: ModuleStage;
}
