/** What all views are made of. */
export * from '../../../report/format.ts';
export { Canvas, type CanvasProps, type Draw, type Size } from './canvas.tsx';
export { codeLook } from './code.ts';
export { Button, Choice, Meter, SearchField, Select, Spring, Toggle, Toolbar } from './controls.tsx';
export { Empty, Loading, NothingSelected } from './empty.tsx';
export { List, type ListProps } from './list.tsx';
export { Split, type SplitProps } from './split.tsx';
export { Table, type Column, type Sort, type TableProps } from './table.tsx';
export { Tooltip } from './tooltip.tsx';
export { ZoomButtons } from './zoom-buttons.tsx';
