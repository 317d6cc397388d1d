/** What the engine can do; decides the code that is made. */
export interface EngineFeatures {
  readonly relaxedSimd: boolean;
}
