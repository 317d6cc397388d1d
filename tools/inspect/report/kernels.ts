/** The kernels section of a report. */
export interface KernelSection {
  readonly kind: 'kernels';
}
