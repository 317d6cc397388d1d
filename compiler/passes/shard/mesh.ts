/**
 * Meshes: devices in a grid with named axes, MindSpore's device matrix. The device at coordinates (c0, c1, …) has the
 * row-major number, so that the last axis joins neighbours.
 */

/** A grid of devices; sizes major first. */
export interface Mesh {
  readonly axes: readonly string[];
  readonly sizes: readonly number[];
}

export const meshOf = (axes: Readonly<Record<string, number>>): Mesh => ({
  axes: Object.keys(axes),
  sizes: Object.values(axes),
});

/** How many devices a mesh has. */
export const deviceCount = (mesh: Mesh): number => mesh.sizes.reduce((count, size) => count * size, 1);

/** Devices along one axis; an axis that the mesh does not have is a bug of the caller. */
export function axisSize(mesh: Mesh, axis: string): number {
  const at = mesh.axes.indexOf(axis);
  if (at < 0) throw new Error(`mesh [${mesh.axes.join(', ')}] has no axis '${axis}'`);
  return mesh.sizes[at];
}

/** Devices along several axes together. */
export const axesSize = (mesh: Mesh, axes: readonly string[]): number =>
  axes.reduce((count, axis) => count * axisSize(mesh, axis), 1);

/** Coordinates of a device, one for each axis. */
export function coordinatesOf(mesh: Mesh, device: number): readonly number[] {
  const coordinates: number[] = [];
  let rest = device;
  for (const size of mesh.sizes.toReversed()) {
    coordinates.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return coordinates;
}

/** The device at coordinates. */
export const deviceAt = (mesh: Mesh, coordinates: readonly number[]): number =>
  coordinates.reduce((device, coordinate, at) => device * mesh.sizes[at] + coordinate, 0);

/** Place of a device along axes, major first: which slice it has of a dimension that they cut. */
export function placeAlong(mesh: Mesh, axes: readonly string[], device: number): number {
  const coordinates = coordinatesOf(mesh, device);
  return axes.reduce((place, axis) => place * axisSize(mesh, axis) + coordinates[mesh.axes.indexOf(axis)], 0);
}

/** The devices that differ from one only along axes, ordered by their place along them: the group of a collective. */
export function groupAlong(mesh: Mesh, axes: readonly string[], device: number): readonly number[] {
  let groups: readonly (readonly number[])[] = [coordinatesOf(mesh, device)];
  for (const axis of axes) {
    const at = mesh.axes.indexOf(axis);
    groups = groups.flatMap((coordinates) =>
      Array.from({ length: axisSize(mesh, axis) }, (_, place) => coordinates.with(at, place)),
    );
  }
  return groups.map((coordinates) => deviceAt(mesh, coordinates));
}
