/**
 * Resizing along one dimension as a matrix [output, input]. Coordinates after ONNX Resize:
 * half_pixel (o + 1/2)·n/m - 1/2, align_corners o·(n - 1)/(m - 1), asymmetric o·n/m.
 */
export type ResizeKernel = 'nearest' | 'linear' | 'cubic';

export function resizeMatrix(
  kernel: ResizeKernel,
  coordinates: string,
  input: number,
  output: number,
): readonly (readonly number[])[] {
  return Array.from({ length: output }, (_, position) => {
    const row = Array<number>(input).fill(0);
    const point = sourcePoint(coordinates, position, input, output);
    for (const [at, weight] of KERNELS[kernel](point, coordinates)) row[Math.min(Math.max(at, 0), input - 1)] += weight;
    return row;
  });
}

function sourcePoint(coordinates: string, position: number, input: number, output: number): number {
  if (coordinates === 'align_corners') return output === 1 ? 0 : (position * (input - 1)) / (output - 1);
  if (coordinates === 'asymmetric') return (position * input) / output;
  return ((position + 0.5) * input) / output - 0.5;
}

type Taps = readonly (readonly [at: number, weight: number])[];

const KERNELS: Readonly<Record<ResizeKernel, (point: number, coordinates: string) => Taps>> = {
  nearest: (point, coordinates) => [[nearestAt(point, coordinates), 1]],
  linear: (point) => {
    const at = Math.floor(Math.max(point, 0)); // before the first element is its value
    const rest = Math.max(point, 0) - at;
    return [
      [at, 1 - rest],
      [at + 1, rest],
    ];
  },
  cubic: (point) => {
    const at = Math.floor(point);
    return [-1, 0, 1, 2].map((offset) => [at + offset, cubicWeight(Math.abs(point - at - offset))]);
  },
};

/** Half-pixel centres take the element whose interval holds the point. */
function nearestAt(point: number, coordinates: string): number {
  if (coordinates === 'align_corners') return Math.floor(point + 0.5);
  return Math.floor(coordinates === 'half_pixel' ? point + 0.5 : point);
}

const SHARPNESS = -0.75;

function cubicWeight(distance: number): number {
  if (distance <= 1) return ((SHARPNESS + 2) * distance - (SHARPNESS + 3)) * distance * distance + 1;
  if (distance >= 2) return 0;
  return ((SHARPNESS * distance - 5 * SHARPNESS) * distance + 8 * SHARPNESS) * distance - 4 * SHARPNESS;
}
