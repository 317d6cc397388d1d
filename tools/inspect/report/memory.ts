/** The memory section of a report. */
export interface MemorySection {
  readonly kind: 'memory';
}
